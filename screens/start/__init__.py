"""The screen Start, which shows the items that need attention now."""
