"""Explaining a refused request: from the words to the statement at fault, and to the change that helps."""
