"""Export of a plan: commands of the AWS CLI, Terraform, CloudFormation."""
