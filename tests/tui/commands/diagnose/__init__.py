"""``rolescope diagnose``."""
