"""Reading pasted errors. `parse` turns any text into failures; it holds what the text carries and guesses nothing."""
