"""Which role was to be assumed, and by whom, if the text does not name both."""
