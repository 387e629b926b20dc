"""An organization: its units, accounts and guardrails, and the accounts that can be opened."""
