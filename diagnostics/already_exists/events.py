"""Read the CloudTrail events about a name conflict."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from iam.event import Event

_LONGEST = 256 * 1024  # CloudTrail's own limit for one event


def detail_of(event: Event) -> dict[str, Any]:
    """Return the event's own JSON, or an empty mapping if the JSON is missing or invalid."""
    if not event.detail or len(event.detail) > _LONGEST:
        return {}
    try:
        value = json.loads(event.detail)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def error_of(event: Event) -> str | None:
    """Return the error code of a failed call.

    None if the call succeeded or the event contains no code.
    """
    code = detail_of(event).get("errorCode")
    return str(code) if code else None


MOMENT = timedelta(minutes=5)
"""The maximum difference between CloudTrail's time and IAM's time of a creation."""


def made(event: Event, created: datetime | None) -> bool:
    """Return whether this call may have created the entity whose creation time is ``created``.

    The call must not have failed, and must not be more than `MOMENT` before or after ``created``, if that time is
    known.
    """
    return error_of(event) is None and (created is None or abs(event.time - created) <= MOMENT)


def parameters_of(event: Event) -> dict[str, Any]:
    parameters = detail_of(event).get("requestParameters")
    return parameters if isinstance(parameters, dict) else {}
