"""The terminal: what is written to it, what is read from it."""
