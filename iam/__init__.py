"""An AWS account: its model, the policy language, the sources that it is read from, and changes to it."""
