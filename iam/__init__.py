"""An AWS account: its model, the policy language, the sources to read it from, and changes to it."""
