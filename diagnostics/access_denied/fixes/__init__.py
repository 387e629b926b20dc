"""The fixes for a denial, the smallest change first. Each fix is evaluated with its change made."""
