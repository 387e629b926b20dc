"""Rows for settings of credentials that AWS never sees, by subject."""
