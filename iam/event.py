"""A recorded call to AWS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    """A CloudTrail event, with the fields that a diagnosis uses.

    ``detail`` is the record's JSON text, if available.
    """

    name: str
    time: datetime
    username: str | None = None
    resources: tuple[str, ...] = ()
    user_agent: str | None = None
    detail: str | None = None
