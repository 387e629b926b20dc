"""Saving what is shown."""
