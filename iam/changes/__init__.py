"""How accounts are changed: plans of ordered calls, each with its undo."""
