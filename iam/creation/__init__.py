"""Create roles: their specs, recipes and statements, the checks before a role is created, and the steps afterwards."""
