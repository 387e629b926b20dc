"""A first look: the usual causes of a failure, from its text alone, most usual first."""
