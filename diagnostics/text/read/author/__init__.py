"""What the author of a text writes: questions, facts, rules, comparisons and tests."""
