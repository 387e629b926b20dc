"""CloudTrail's events as the conflict's questions need them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
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


MOMENT = timedelta(minutes=5)
"""How far CloudTrail's time of a creation may be from IAM's."""


def made(event: Event, created: datetime | None) -> bool:
    """Whether the call that would make an entity may be the one that made what is there since ``created``: it did not
    fail, and was not at another time. Without an error in the event, the time alone decides.
    """
    return error_of(event) is None and (created is None or abs(event.time - created) <= MOMENT)


def parameters_of(event: Event) -> dict[str, Any]:
    parameters = detail_of(event).get("requestParameters")
    return parameters if isinstance(parameters, dict) else {}
