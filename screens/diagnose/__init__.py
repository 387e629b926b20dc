"""The screen Diagnose."""
