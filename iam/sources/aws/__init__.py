"""Read an account from AWS with boto3."""
