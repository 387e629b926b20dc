"""Statements that are put together from parts: the parts, what they are judged by, and completed with."""
