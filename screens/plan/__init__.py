"""The screen of a plan: shown, carried out, taken back."""
