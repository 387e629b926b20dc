"""What a new role is tried with, and what to do with it."""
