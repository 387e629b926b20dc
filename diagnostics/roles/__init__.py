"""How screens and commands show and export roles: the list of roles, and one role."""
