"""What the text of a failure shows on its own: the first step, the verdict, and commands that show more."""
