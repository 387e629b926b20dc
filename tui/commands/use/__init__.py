"""``rolescope use``: list the ways to assume a role, and create sessions of the role."""
