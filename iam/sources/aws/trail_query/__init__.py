"""A trail asked where it lies: by Athena over its table, by CloudTrail Lake over its event data store."""
