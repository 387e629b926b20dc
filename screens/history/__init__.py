"""Recorded changes of a role, a policy or the account: the log, blame, and back."""
