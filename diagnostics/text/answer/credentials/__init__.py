"""Answers to credentials, keys, tokens and signatures that AWS does not accept, or that a program does not find."""
