"""Denials for which facts in the text leave only one cause: a module for each kind of cause."""
