"""The write calls of IAM: their parameters, required permissions, effects and undo."""
