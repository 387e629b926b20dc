"""Everything that is derived from a text alone: parsing, comparing values, common causes, and the answer."""
