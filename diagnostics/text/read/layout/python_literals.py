"""Read values that Python printed, such as ``{'Action': 's3:GetObject', 'Resource': None}``."""

from __future__ import annotations

from threading import Lock

_one_at_a_time = Lock()
_TRIES = 3


class NotALiteralError(ValueError):
    """The text is not a Python literal."""


def read_literal(text: str) -> object:
    """Return the value of a Python literal: text, bytes, a number, ``True``, ``None``, or a collection of these.

    Workers may call this at the same time. Before 3.11.8 and 3.12.2, CPython's parser fails with ``SystemError`` if
    another thread parses Python while it builds a tree (https://github.com/python/cpython/issues/106905). So one worker
    parses at a time; if a library disturbed it, the text is parsed again.

    Raises:
        NotALiteralError: The text is something else, or too long or too deep for the parser.
    """
    import ast

    for _ in range(_TRIES):
        try:
            with _one_at_a_time:
                value: object = ast.literal_eval(text)
        except SystemError:
            continue
        except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
            raise NotALiteralError from error
        return value
    raise NotALiteralError
