"""Rows for credentials that have expired, by what has expired."""
