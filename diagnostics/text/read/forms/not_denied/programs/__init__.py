"""Rows for failures of programs and servers other than AWS."""
