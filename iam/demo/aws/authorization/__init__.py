"""Decide whether a caller of the demo may make a call, and write the message of a denial."""
