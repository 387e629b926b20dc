"""The sources that accounts are read from: AWS itself, a snapshot file, or the embedded demo account."""
