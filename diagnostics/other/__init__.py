"""Failures that are neither a denial nor a name conflict, and whose cause can be told all the same."""
