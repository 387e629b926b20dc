"""Parse the policy documents in records: a JSON object, a JSON string, or a URL-encoded JSON string."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from iam.history.change import ABSENT, Known, State, Unknown

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
"""The text that CloudTrail writes in place of a hidden value."""

_HIDDEN = Unknown("the record hides it")
_CUT = Unknown("the record cuts it off")
_LEFT_OUT = Unknown("the record leaves it out")


def document_state(value: Any) -> State:
    """Return the state of a document, from its value in a record.

    An empty string means that there is no document: this is how SQS removes a policy. A hidden, truncated or missing
    value is unknown.
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
    """Return the state of a part whose value is a name, from its value in a record."""
    if not isinstance(value, str) or not value:
        return _LEFT_OUT
    return _HIDDEN if hidden(value) else Known(value)


def hidden(value: Any) -> bool:
    """Whether CloudTrail hides the value."""
    return isinstance(value, str) and value.startswith(("HIDDEN_", "***"))
