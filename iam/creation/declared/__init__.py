"""Read the specs of roles that other tools' files declare: CloudFormation templates, Terraform plans and states."""
