"""Sessions of roles, and the credentials they are made with."""
