"""Explain name conflicts: which entity has the name, who owns it, whether it is used, and what to do about it.

Each module answers one of the questions that an EntityAlreadyExists error raises.
"""
