"""The cause of a refusal that the text shows beside the message, by the subject of the refusal."""
