"""``rolescope use``."""
