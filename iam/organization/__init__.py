"""An organization: its units, accounts, SCPs and RCPs, and those of its accounts that can be opened."""
