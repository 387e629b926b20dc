"""The screen Review: the least-privilege findings of the account."""
