"""The forms of messages, each with the rules that read it."""
