"""Rows for answers of AWS services and of programs around them, by subject."""
