"""Find out why something failed: read pasted errors, reason step by step, return verdicts and fixes.

Nothing here depends on a user interface.
"""
