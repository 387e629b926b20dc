"""Changes to accounts: plans of ordered calls, each with its undo."""
