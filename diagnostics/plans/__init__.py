"""Plans for changes, and for the fixes of a diagnosis."""
