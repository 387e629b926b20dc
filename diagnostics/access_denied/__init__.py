"""Explain a denied request: from the error message to the statement that denies it, and to the change that
allows it.
"""
