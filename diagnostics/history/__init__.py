"""Recorded changes: a log, blame, past states, and reverts."""
