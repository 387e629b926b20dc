"""The account's latest denials from CloudTrail."""
