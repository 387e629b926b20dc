"""Test a new role, and suggest the next steps."""
