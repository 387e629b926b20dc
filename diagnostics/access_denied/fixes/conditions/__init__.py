"""Fixes for a condition that is not met: mostly to send the required value, and seldom to loosen the condition."""
