"""The account's latest denials, out of CloudTrail."""
