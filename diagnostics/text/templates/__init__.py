"""Read templates in pasted texts: Terraform's language, CloudFormation's resources."""
