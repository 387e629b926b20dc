"""Recorded changes of a role, a policy or the account: log, blame and revert."""
