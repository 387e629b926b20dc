"""``rolescope create``, ``change`` and ``adopt``: plans, printed and carried out."""
