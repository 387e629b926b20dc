"""Rows for services that run or release something, by service."""
