"""Fixes for a condition that is not met: seldom to loosen it, mostly to send the value that it requires."""
