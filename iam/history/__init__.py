"""Recorded changes to an account, read from events, and the documents of entities before and after each change."""
