"""Quote untrusted text for use in a query."""

from __future__ import annotations

import re
from collections.abc import Iterable


def quoted(text: str) -> str:
    """Return the text as an SQL string literal. A quote is doubled, which is the only escape in SQL.

    Raises ValueError for a control character, which no name contains.
    """
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise ValueError("a name contains a control character")
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def one_of(values: Iterable[str]) -> str:
    """Return an SQL condition that a column equals one of these literals: ``= 'a'``, ``IN ('a', 'b')``."""
    listed = tuple(values)
    return f"= {listed[0]}" if len(listed) == 1 else f"IN ({', '.join(listed)})"
