"""Recorded changes: the log, blame, past states, and reverts."""
