"""Readers for the change files of other tools."""
