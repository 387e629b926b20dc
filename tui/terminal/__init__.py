"""The terminal: its output and input."""
