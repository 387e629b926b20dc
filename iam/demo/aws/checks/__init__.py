"""Checks that IAM makes but moto does not."""
