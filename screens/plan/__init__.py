"""The screen of a plan: show it, carry it out, undo it."""
