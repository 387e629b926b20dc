"""What each AWS service requires of a role that it assumes: the contract of a service role."""
