"""``rolescope use``: ways to assume a role, and sessions of it."""
