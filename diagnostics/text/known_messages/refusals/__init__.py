"""Sentences in which an AWS service or a program reports a refusal in prose, by service or program."""
