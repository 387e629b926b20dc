"""The screen of data that could not be read, and of failures."""
