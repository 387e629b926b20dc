"""Decide whether a caller in the demo may make a call, and write the message of a denial."""
