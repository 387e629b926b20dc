"""Make plans for changes to roles, and for the fixes of a diagnosis."""
