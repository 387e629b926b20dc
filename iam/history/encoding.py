"""Parse policy documents in records: an object, a JSON string, or such a string URL-encoded."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from iam.history.change import ABSENT, Known, State, Unknown

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
"""The value that CloudTrail writes instead of a hidden one."""

_HIDDEN = Unknown("the record hides it")
_CUT = Unknown("the record cuts it off")
_LEFT_OUT = Unknown("the record leaves it out")


def document_state(value: Any) -> State:
    """Return the state of a document in a record.

    An empty string means no document: this is how SQS removes a policy. A hidden, truncated or missing value is
    unknown.
    """
    if value is None:
        return _LEFT_OUT
    if isinstance(value, dict | list):
        return Known(json.dumps(value)) if value else ABSENT
    if not isinstance(value, str):
        return _CUT
    text = value.strip()
    if not text:
        return ABSENT
    if hidden(text):
        return _HIDDEN
    if text.startswith(("%7B", "%7b")):
        text = unquote(text)
    try:
        decoded = json.loads(text)
    except (ValueError, RecursionError):
        return _CUT
    return Known(text) if isinstance(decoded, dict) else _CUT


def text_state(value: Any) -> State:
    """Return the state of a name in a record."""
    if not isinstance(value, str) or not value:
        return _LEFT_OUT
    return _HIDDEN if hidden(value) else Known(value)


def hidden(value: Any) -> bool:
    """Whether a value is withheld."""
    return isinstance(value, str) and value.startswith(("HIDDEN_", "***"))
