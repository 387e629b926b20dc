"""``rolescope diagnose``: explain given texts, or the account's latest denials."""
