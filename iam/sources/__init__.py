"""Where accounts come from: AWS itself, a snapshot file, or the embedded demo account."""
