"""The first look at a denial: a topic a module."""
