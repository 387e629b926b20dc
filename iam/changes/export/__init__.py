"""Export a plan: as commands of the AWS CLI, as Terraform, or as CloudFormation."""
