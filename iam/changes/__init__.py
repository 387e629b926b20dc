"""Changes to accounts: plans, which are ordered calls, each with the call that undoes it."""
