"""Templates in pasted texts: Terraform's language, CloudFormation's resources."""
