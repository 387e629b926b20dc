"""What could not be read, and what failed."""
