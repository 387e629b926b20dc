"""The accounts of an organization: which one is in view."""
