"""What a failure states by itself: the first step, the verdict and the commands that its words alone allow."""
