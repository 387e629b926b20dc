"""Statements about a denial from its text alone: the step, the verdict, and the sentences of each case."""
