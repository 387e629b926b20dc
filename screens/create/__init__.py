"""The screen Create."""
