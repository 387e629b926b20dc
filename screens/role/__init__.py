"""The screen of one role."""
