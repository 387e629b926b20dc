"""The check before a creation: what would fail, or surprise. Only read calls."""
