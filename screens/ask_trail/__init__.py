"""The confirmation before a trail is queried in place: choose the trail, see the query and its cost, agree."""
