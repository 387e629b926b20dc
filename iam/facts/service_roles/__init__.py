"""Service roles: what each AWS service requires of a role that it assumes."""
