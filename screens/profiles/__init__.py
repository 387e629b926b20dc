"""The screen for choosing another profile and Region."""
