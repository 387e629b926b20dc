"""The sources of accounts: AWS itself, a snapshot file, or the embedded demo account."""
