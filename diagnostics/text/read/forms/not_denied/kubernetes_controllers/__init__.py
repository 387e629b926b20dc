"""Rows for controllers, drivers and programs in a Kubernetes cluster, by program."""
