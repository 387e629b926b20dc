"""The rules of the review: a topic a file, a rule a function."""
