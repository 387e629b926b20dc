"""Readers of the files in which other tools say what they will change."""
