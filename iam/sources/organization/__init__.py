"""Read organizations from folders: those that ``rolescope snapshot`` writes, and those of iam-collect."""
