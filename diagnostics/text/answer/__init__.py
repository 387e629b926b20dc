"""What a failure's text shows by itself: the first step, the verdict, and commands that show more."""
