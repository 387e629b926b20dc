"""The list of recent denials."""
