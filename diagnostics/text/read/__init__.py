"""Parse any pasted text into failures. They contain only what the text says; nothing is guessed."""
