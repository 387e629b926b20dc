"""What the words on the screen mean."""
