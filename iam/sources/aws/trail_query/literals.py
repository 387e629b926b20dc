"""Quote untrusted text for a query."""

from __future__ import annotations

import re
from collections.abc import Iterable


def quoted(text: str) -> str:
    """Return a string literal. SQL's only escape is the doubled quote.

    Raises ValueError for a control character, which no name contains.
    """
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise ValueError("a name contains a control character")
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def one_of(values: Iterable[str]) -> str:
    """Return the condition that a column equals one of the literals: ``= 'a'``, ``IN ('a', 'b')``."""
    listed = tuple(values)
    return f"= {listed[0]}" if len(listed) == 1 else f"IN ({', '.join(listed)})"
