"""What was asked: the caller, the action, the resource and the context of the refused request."""
