"""A draft of a role: the values entered, their faults, and notes on each field."""
