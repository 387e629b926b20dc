"""Creation of a role: its spec, recipes and statements, the checks before it, and the steps after it."""
