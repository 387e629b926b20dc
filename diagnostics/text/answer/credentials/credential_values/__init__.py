"""Read what a text shows about credentials: the values for the placeholders of the rows, by subject."""
