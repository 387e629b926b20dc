"""Answers that depend on the Region of a call."""
