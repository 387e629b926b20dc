"""Determine the role to be assumed and the principal that was to assume it, if the text does not name both."""
