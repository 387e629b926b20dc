"""Read organizations from folders: those that ``rolescope snapshot`` writes, and those that iam-collect writes."""
