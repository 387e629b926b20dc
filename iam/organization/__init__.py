"""An organization: its units, accounts, SCPs and RCPs, and the accounts that can be opened."""
