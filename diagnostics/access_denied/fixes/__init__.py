"""The fixes for a denial, the smallest change first. Each is evaluated with the change made."""
