"""What an AWS account is: its model, the policy language, where accounts come from, how they are changed."""
