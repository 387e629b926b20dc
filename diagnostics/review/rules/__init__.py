"""The rules of the review. Each file is a topic, each rule a function."""
