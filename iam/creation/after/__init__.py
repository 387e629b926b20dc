"""Tests of a new role, and the next steps with it."""
