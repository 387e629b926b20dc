"""Query a trail in place: with Athena on its table, or with CloudTrail Lake on its event data store."""
