"""Whether a caller of the demo may make a call, and what the refusal says."""
