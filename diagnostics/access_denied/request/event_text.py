"""Recognize a text that is a single CloudTrail event (what it says: `diagnostics.access_denied.request.event`)."""

from __future__ import annotations

import json
from typing import Any


def single_event(text: str) -> dict[str, Any] | None:
    """Return the decoded event; None where the text is anything else."""
    if not text.lstrip().startswith("{") or "eventSource" not in text:
        return None
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or not isinstance(record.get("eventName"), str):
        return None
    return record
