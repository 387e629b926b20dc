"""The screen Review, which lists the findings about unneeded and risky permissions in the account."""
