"""The account's latest denials, read from CloudTrail."""
