"""Accounts, files and policies that tests are about."""
