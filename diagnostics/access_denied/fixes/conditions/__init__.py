"""What to do about a condition that is not met: seldom to loosen it, mostly to send what it wants."""
