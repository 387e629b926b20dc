"""The error for an account that cannot be read at all."""


class SourceError(Exception):
    """Raised if the account cannot be read at all.

    ``str()`` is one sentence: what happened, to what, and what to do.
    """
