"""Recorded changes as people ask for them: the log, who brought a statement, how the account was, and back."""
