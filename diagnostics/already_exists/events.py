"""CloudTrail's events as the conflict's questions need them."""

from __future__ import annotations

import json
from typing import Any

from iam.account import Event

_LONGEST = 256 * 1024  # CloudTrail's own limit for one event


def detail_of(event: Event) -> dict[str, Any]:
    """The event's own JSON, or an empty mapping when it was not given or is none."""
    if not event.detail or len(event.detail) > _LONGEST:
        return {}
    try:
        value = json.loads(event.detail)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def error_of(event: Event) -> str | None:
    """The error code of a call that failed; None when it succeeded, or when the event does not tell."""
    code = detail_of(event).get("errorCode")
    return str(code) if code else None


def parameters_of(event: Event) -> dict[str, Any]:
    parameters = detail_of(event).get("requestParameters")
    return parameters if isinstance(parameters, dict) else {}
