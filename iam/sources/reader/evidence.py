"""Interface for reading AWS's records of past activity: events, stacks, the use of services, a denial."""

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
    """One page of CloudTrail's events in one Region, newest first.

    ``more`` is False if the Region has no older events. ``why`` is one sentence if the Region cannot be read (further):
    then ``events`` is empty.
    """

    region: str
    events: tuple[Event, ...] = ()
    more: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class ConfigItem:
    """The state of an entity at a time, as AWS Config recorded it.

    ``configuration`` is its content, empty if the entity was ``deleted``. ``arn`` is empty if the item has none.
    """

    at: datetime
    configuration: Mapping[str, Any]
    deleted: bool = False
    arn: str = ""


class EvidenceSource(Protocol):
    """Reads AWS's records of past activity: events, stacks, the use of services, a denial."""

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        """Read CloudTrail's events of the last 90 days, newest first, for a resource's name, an event's name, or both.

        If a resource has more events than are read, ``back_to`` is the time of the oldest one read, and ``note`` says
        so.
        """

    def lookup_events(self, attribute: str, value: str, *, since: datetime, region: str = "") -> Iterator[EventPage]:
        """Read CloudTrail's events with one attribute (``ResourceName``, ``EventName``), back to ``since``.

        The newest events come first. Each page is a call, made only when the page is requested. ``region`` is empty for
        the home Region, which has the events of IAM and of the organization.
        """

    def config_items(self, kind: str, name: str, *, since: datetime) -> Reading[tuple[ConfigItem, ...]]:
        """Read AWS Config's items of an entity by its type (``AWS::IAM::Role``) and name, oldest first.

        Takes two calls.

        Empty if Config does not record the entity.
        """

    def recent_events(self) -> Iterator[EventPage]:
        """Read all of CloudTrail's events, page by page, in the Regions in use and the home Region.

        LookupEvents works for one Region, twice a second. The Region that was read least far back is read next, so that
        the pages are approximately newest first. The iterator makes a call only when the next page is requested, so a
        caller can stop at any time. It never raises; a Region that cannot be read yields one page that says why.
        """

    def stack_resources(self, physical_id: str) -> Reading[tuple[StackResource, ...]]:
        """Find the CloudFormation stacks, in the Regions in use, that own the resource."""

    def all_stack_resources(self) -> Reading[tuple[StackResource, ...]]:
        """Read every IAM resource that is owned by a CloudFormation stack in the Regions in use."""

    def last_accessed(self, arn: str) -> Reading[tuple[ServiceLastAccessed, ...]]: ...

    def access_analyzer(self) -> Reading[AnalyzerReport]:
        """Read Access Analyzer's findings about the account's roles and users, in the Regions in use."""

    def deletion_status(self, role_name: str) -> Reading[str]:
        """Read the status of a service-linked role's deletion, if there is one.

        It is NOT_STARTED, IN_PROGRESS, SUCCEEDED or FAILED.
        """

    def decode_authorization_message(self, blob: str) -> Reading[str]:
        """Decode EC2's encoded message to its JSON text (sts:DecodeAuthorizationMessage)."""

    def authorization_record(self, authorization_id: str, region: str | None) -> Reading[AuthorizationRecord]:
        """Read AWS's record of a denial, by the authorization ID in newer messages.

        ``region`` is the Region of the denial; None for the Region in use.
        """
