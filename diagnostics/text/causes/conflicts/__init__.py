"""Causes of a taken name, a module for each kind of owner."""
