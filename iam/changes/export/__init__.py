"""A plan for other tools: commands of the AWS CLI, Terraform, CloudFormation."""
