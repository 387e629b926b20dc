"""What the sentences of a diagnosis claim, as data, and the check of those claims against steps, readings and text."""
