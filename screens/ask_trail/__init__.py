"""The window to query a trail where its data is stored: choose the trail, see the query and its cost, and agree."""
