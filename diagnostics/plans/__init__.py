"""Fixes as plans."""
