"""The screen for who-can questions, which shows the answer as a tree."""
