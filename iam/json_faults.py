"""What is wrong with a text that is not JSON, for the person who wrote it."""

from __future__ import annotations

import json
import re

_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"?')


def json_fault(error: json.JSONDecodeError) -> str:
    """Return the fault with its line and column as a clause: ``a quote is not closed: it opens at line 3, column 5``.

    A string that is not closed ends for the parser where its line does, or at the end of the text.
    """
    opens = _open_quote(error)
    if opens is None:
        return f"{error.msg.removesuffix(' at')} at line {error.lineno}, column {error.colno}"  # as Python words some
    line = error.doc.count("\n", 0, opens) + 1
    column = opens - error.doc.rfind("\n", 0, opens)
    return f"a quote is not closed: it opens at line {line}, column {column}"


def _open_quote(error: json.JSONDecodeError) -> int | None:
    """Return where the quote opens that is not closed; None if the fault is another one."""
    if error.msg.startswith("Unterminated string"):
        return error.pos
    if not error.msg.startswith("Invalid control character") or error.doc[error.pos : error.pos + 1] not in "\r\n":
        return None
    begins = max(error.doc.rfind("\n", 0, error.pos), error.doc.rfind("\r", 0, error.pos)) + 1
    return next((each.start() for each in _STRING.finditer(error.doc, begins) if each.end() == error.pos), None)
