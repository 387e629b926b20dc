"""``rolescope create``, ``change`` and ``adopt``: print plans, and carry them out."""
