"""Query a trail where its data is stored: what the query costs, and its answer as recorded calls or as denials."""
