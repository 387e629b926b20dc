"""Causes that a text proves, apart from what its policies lack for the request: a module for each topic."""
