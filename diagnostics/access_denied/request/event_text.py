"""Recognize a text that is a single CloudTrail event (`diagnostics.access_denied.request.event` reads it)."""

from __future__ import annotations

import json
from typing import Any


def single_event(text: str) -> dict[str, Any] | None:
    """Return the decoded event, or None if the text is not exactly one CloudTrail event."""
    if not text.lstrip().startswith("{") or "eventSource" not in text:
        return None
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or not isinstance(record.get("eventName"), str):
        return None
    return record
