"""Whether the policy documents of a text allow the denied request."""
