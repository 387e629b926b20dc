"""Tokens and other secrets in a paste: decoded if useful, sent nowhere, never stored unchanged."""
