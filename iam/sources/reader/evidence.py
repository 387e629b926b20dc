"""What AWS recorded of what happened: events, stacks, the use of services, a denial."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from iam.access_analyzer import AnalyzerReport
from iam.account import Event, ServiceLastAccessed, StackResource
from iam.protocols import Protocol
from iam.sources.reader.authorization import AuthorizationRecord
from iam.sources.reader.reading import Reading


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page of CloudTrail's events of one region, newest first.

    ``more`` is False when the region has nothing older. ``why`` is one sentence where the region cannot be read, or not
    any further: then ``events`` is empty.
    """

    region: str
    events: tuple[Event, ...] = ()
    more: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class ConfigItem:
    """How an entity was at a time, as AWS Config recorded it. ``configuration`` is its content, empty where it was
    ``deleted``; ``arn`` is empty where the item has none.
    """

    at: datetime
    configuration: Mapping[str, Any]
    deleted: bool = False
    arn: str = ""


class EvidenceSource(Protocol):
    """What AWS recorded of what happened: events, stacks, the use of services, a denial."""

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        """CloudTrail's events of the last 90 days, newest first, for a resource's name, an event's name, or both. Of a
        resource that has more than are read, ``back_to`` says since when, and the note that there are more.
        """

    def lookup_events(self, attribute: str, value: str, *, since: datetime, region: str = "") -> Iterator[EventPage]:
        """CloudTrail's events with one attribute (``ResourceName``, ``EventName``), newest first, back to ``since``.

        A page is a call, made only when it is asked for. ``region`` is empty for the home region, where IAM's and the
        organization's events are.
        """

    def config_items(self, kind: str, name: str, *, since: datetime) -> Reading[tuple[ConfigItem, ...]]:
        """AWS Config's items of an entity of a type (``AWS::IAM::Role``) by its name, the oldest first; none where
        Config does not record it. Two calls.
        """

    def recent_events(self) -> Iterator[EventPage]:
        """All of CloudTrail's events, page by page as they are read, of the regions in use and of the home region.

        LookupEvents answers per region, twice a second: the region that stands at the latest time is asked next, so
        that the pages come about newest first. The iterator makes a call only when the next page is asked for: whoever
        has enough leaves it. It never raises; a region that cannot be read gives one page that says why.
        """

    def stack_resources(self, physical_id: str) -> Reading[tuple[StackResource, ...]]:
        """Which CloudFormation stacks, in the regions in use, own the resource."""

    def all_stack_resources(self) -> Reading[tuple[StackResource, ...]]:
        """Every IAM resource that a CloudFormation stack of the regions in use owns."""

    def last_accessed(self, arn: str) -> Reading[tuple[ServiceLastAccessed, ...]]: ...

    def access_analyzer(self) -> Reading[AnalyzerReport]:
        """What Access Analyzer found of the account's roles and users, in the regions in use."""

    def deletion_status(self, role_name: str) -> Reading[str]:
        """Where a service-linked role's deletion stands (NOT_STARTED, IN_PROGRESS, SUCCEEDED, FAILED), if one runs."""

    def decode_authorization_message(self, blob: str) -> Reading[str]:
        """The JSON text behind EC2's encoded message (sts:DecodeAuthorizationMessage)."""

    def authorization_record(self, authorization_id: str, region: str | None) -> Reading[AuthorizationRecord]:
        """AWS's own record of a denial, for the id that newer messages carry, in the region of the denial (None: the
        one in use).
        """
