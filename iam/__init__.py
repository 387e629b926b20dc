"""Everything about an AWS account: its model, the policy language, the sources it is read from, and changes to it."""
