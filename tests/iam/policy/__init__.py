"""Policy language."""
