"""Sessions of roles, and the credentials used to create them."""
