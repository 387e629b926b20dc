"""Answer what is asked about a pasted policy, and find its mistakes: no call failed."""
