"""Results from the text of a failure without an account: the first step, the verdict, and commands that show more."""
