"""Answers about credentials, keys, tokens and signatures that AWS rejects or that a program cannot find."""
