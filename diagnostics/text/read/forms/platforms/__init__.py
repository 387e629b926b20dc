"""Rows for systems with permissions of their own: Kubernetes, databases, other clouds and programs."""
