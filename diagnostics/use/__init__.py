"""Using a role: every way in that its trust policy opens, judged before it is tried."""
