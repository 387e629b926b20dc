"""Checks that IAM makes and moto does not."""
