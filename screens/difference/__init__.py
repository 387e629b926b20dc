"""The comparison of the account with an earlier state from a snapshot."""
