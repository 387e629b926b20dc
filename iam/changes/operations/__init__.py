"""The write calls of IAM: their parameters, the permissions they need, their effect, their undo."""
