"""Role sessions, and the credentials used to create them."""
