"""Creating a role: its specification, recipes, statements, the check before anything is called, and what comes after."""
