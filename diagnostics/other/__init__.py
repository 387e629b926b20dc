"""Explain failures that are neither a denial nor a name conflict, but whose cause can be found."""
