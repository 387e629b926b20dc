"""Failures in which no permission was denied, a module for each kind of program or setup."""
