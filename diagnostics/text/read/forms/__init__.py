"""The known forms of messages, and the rules that read each."""
