"""``rolescope use``: the ways into a role, and sessions of it."""
