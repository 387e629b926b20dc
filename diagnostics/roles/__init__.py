"""The list of roles and one role, as the screens and the commands show and export them."""
