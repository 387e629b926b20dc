"""Answer questions about a pasted policy, and find mistakes in it, if no call failed."""
