"""The command palette, which finds commands, screens and roles by name."""
