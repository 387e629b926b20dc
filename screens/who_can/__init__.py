"""The screen for who-can questions, answered as a tree."""
