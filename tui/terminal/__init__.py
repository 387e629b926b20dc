"""The terminal's output and input."""
