"""Creating a role: its specification, recipes, statements, the check before, what comes after."""
