"""What helps, the smallest change first, each evaluated with the change in place."""
