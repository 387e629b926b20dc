"""Compare two states of an account: what changed, and who gained or lost which access."""
