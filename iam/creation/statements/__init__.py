"""Assemble statements from parts: the parts, their checks, and their completions."""
