"""The screen of a plan, which shows it, carries it out and undoes it."""
