"""Compare two states of an account: the changes, and who gained or lost which access."""
