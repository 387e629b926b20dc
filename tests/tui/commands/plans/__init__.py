"""``rolescope create`` and ``change``."""
