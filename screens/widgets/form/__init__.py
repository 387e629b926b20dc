"""Forms to fill in by keys."""
