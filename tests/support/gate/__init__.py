"""Carrying plans out in tests that are not about the gate."""
