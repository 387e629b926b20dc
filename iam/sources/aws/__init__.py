"""Reading an account from AWS by boto3."""
