"""``rolescope diagnose``: of texts that are given, and of the account's latest denials."""
