"""Two values of a text that should be one: a request has a name, and a policy or a list beside it one that is near."""
