"""Risks that both the gate and the review check: policies that nobody can use, or that expose a role."""
