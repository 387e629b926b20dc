"""Reading pasted errors: any text into failures, with what the text carries and nothing guessed."""
