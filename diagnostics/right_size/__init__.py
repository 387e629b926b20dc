"""What a role is granted cut down to what it used: recorded calls, a draft of its policies, and the draft replayed."""
