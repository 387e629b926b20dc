"""What IAM refuses and moto lets pass."""
