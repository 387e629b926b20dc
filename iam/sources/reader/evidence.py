"""Interface for reading AWS's records of past activity: events, stacks, the use of services, a denial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from iam.event import Event


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page of CloudTrail events from one Region, newest first.

    ``more`` is False if the Region has no older events. If the Region cannot be read (any further), ``why`` is one
    sentence that says why, and ``events`` is empty.
    """

    region: str
    events: tuple[Event, ...] = ()
    more: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class ConfigItem:
    """The state of an entity at a certain time, as AWS Config recorded it.

    ``configuration`` is the recorded content, empty if the entity was ``deleted``. ``arn`` is "" if the item has none.
    """

    at: datetime
    configuration: Mapping[str, Any]
    deleted: bool = False
    arn: str = ""
