"""The account beside an earlier state of it, from a snapshot."""
