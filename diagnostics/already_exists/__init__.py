"""Explaining name conflicts: what has the name, who owns it, whether it is used, and what to do about it.

The procedure is that of the reference on EntityAlreadyExists: each module answers one of its questions.
"""
