"""Reduce a role's permissions to those it used: read recorded calls, draft its policies, and replay the calls with
them.
"""
