"""Reduce a role's permissions to those it used: recorded calls, a draft of its policies, and a replay of the draft."""
