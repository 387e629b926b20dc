"""Tests of iam/risks."""
