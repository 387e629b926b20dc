"""Everything that is learned from a text alone: read, compared, its usual causes, and the answer from its words."""
