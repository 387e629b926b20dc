"""Use a role: find the ways to assume it that its trust policy allows, each evaluated before it is tried."""
