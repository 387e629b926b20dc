"""The screen Start: the items that need attention now."""
