"""Choosing another profile and region."""
