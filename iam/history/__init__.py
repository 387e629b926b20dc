"""Recorded changes of an account, read from events, and the documents of entities before and after each change."""
