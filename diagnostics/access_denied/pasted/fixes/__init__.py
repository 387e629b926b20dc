"""What to change in a text's policy, or in the request, so that a statement allows the request."""
