"""Organizations out of folders: those that ``rolescope snapshot`` writes, and those of iam-collect."""
