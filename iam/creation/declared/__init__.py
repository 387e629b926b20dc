"""Roles that other tools' files declare, as specs: CloudFormation's templates, Terraform's plans and states."""
