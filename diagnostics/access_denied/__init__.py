"""Explain a denied request: find the statement that denies it, and the change that allows it."""
