"""The list of roles and single roles, as screens and commands show and export them."""
