"""Explain a text by itself, without reading an account."""
