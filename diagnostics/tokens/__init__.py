"""Tokens and other secrets in a paste: decoded where that helps, sent nowhere, never kept as they are."""
