"""Saving the contents of a screen."""
