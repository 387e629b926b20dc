"""Tokens and other secrets in a pasted text: decoded if that helps, sent nowhere, never stored unchanged."""
