"""Reduce a role's permissions to those it used.

The recorded calls are read, its policies are drafted, and the calls are replayed with them.
"""
