"""A trail asked where it lies: which one, the query and what it costs, and the yes that runs it."""
