"""``rolescope diagnose``: explain the failures in a text, or the account's latest denials."""
