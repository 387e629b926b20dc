"""Causes that a text proves, other than an Allow that its policies lack. Each topic has its own module."""
