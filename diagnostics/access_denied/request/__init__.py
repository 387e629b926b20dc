"""Determine what was requested: the caller, the action, the resource and the context of the denied request."""
