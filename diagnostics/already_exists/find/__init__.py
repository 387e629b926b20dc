"""Find the entity that has the name."""
