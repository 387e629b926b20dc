"""The screen Activity."""
