"""The draft of a role: the values entered so far, what is wrong with them, and notes on each field."""
