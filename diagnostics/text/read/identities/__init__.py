"""Who made a call, with which credentials, and who was meant to make it."""
