"""The screen that lists the data that could not be read and the failures."""
