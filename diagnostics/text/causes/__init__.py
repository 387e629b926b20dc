"""The common causes of a failure, derived from its text alone, most frequent first."""
