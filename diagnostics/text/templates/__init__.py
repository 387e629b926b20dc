"""Read policies and templates in pasted texts: Terraform, CloudFormation, program code, tables and prose."""
