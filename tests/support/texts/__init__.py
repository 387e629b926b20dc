"""Texts that are pasted, and documents with faults."""
