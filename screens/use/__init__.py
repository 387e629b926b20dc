"""The screen for using a role: the ways to assume it, evaluated, tested and entered."""
