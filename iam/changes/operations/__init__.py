"""The write calls of IAM: their parameters, the permissions they need, their effect, and the calls that take them back."""
