"""Driving the program as an operator does, and reading what is on the screen."""
