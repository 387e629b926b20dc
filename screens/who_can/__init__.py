"""Who can do something, asked in a line and answered as a tree."""
