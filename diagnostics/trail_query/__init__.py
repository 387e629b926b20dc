"""A trail asked where it lies: what the query costs, and its answer as recorded calls or as denials."""
