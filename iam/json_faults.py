"""Explain to the author of a text why it is not valid JSON."""

from __future__ import annotations

import json
import re

_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"?')


def json_fault(error: json.JSONDecodeError) -> str:
    """Return a clause that says what is wrong and where: ``a quote is not closed: it opens at line 3, column 5``.

    For the parser, a string without a closing quote ends at the end of its line or of the text.
    """
    opens = _open_quote(error)
    if opens is None:
        # the end of some of Python's messages
        return f"{error.msg.removesuffix(' at')} at line {error.lineno}, column {error.colno}"
    line = error.doc.count("\n", 0, opens) + 1
    column = opens - error.doc.rfind("\n", 0, opens)
    return f"a quote is not closed: it opens at line {line}, column {column}"


def _open_quote(error: json.JSONDecodeError) -> int | None:
    """Return the offset of the quote that is not closed, or None if the fault is a different one."""
    if error.msg.startswith("Unterminated string"):
        return error.pos
    if not error.msg.startswith("Invalid control character") or error.doc[error.pos : error.pos + 1] not in "\r\n":
        return None
    begins = max(error.doc.rfind("\n", 0, error.pos), error.doc.rfind("\r", 0, error.pos)) + 1
    return next((each.start() for each in _STRING.finditer(error.doc, begins) if each.end() == error.pos), None)
