"""The confirmation before a trail is queried where its data is stored: choose it, see the query and its cost, agree."""
