"""Requests with known decisions, and comparison with other engines."""
