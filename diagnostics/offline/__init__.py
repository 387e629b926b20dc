"""What a text says by itself, no account being read."""
