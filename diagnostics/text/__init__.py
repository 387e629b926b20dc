"""Everything that is derived from a text alone: parsing, comparing values, usual causes, and the answer."""
