"""Mask private data in texts that are sent to others."""
