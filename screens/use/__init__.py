"""The screen for using a role: the ways to assume it, which can be evaluated, tested and used."""
