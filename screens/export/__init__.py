"""Save the contents of a screen."""
