"""Interface for reading what was recorded or found: events, last accesses, findings, denials."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from iam.protocols import Protocol

if TYPE_CHECKING:
    from iam.access_analyzer import AnalyzerReport
    from iam.event import Event
    from iam.other_services import ServiceLastAccessed, StackResource
    from iam.sources.reader.authorization import AuthorizationRecord
    from iam.sources.reader.evidence import ConfigItem, EventPage
    from iam.sources.reader.reading import Reading


class EvidenceSource(Protocol):
    """Reads AWS's records of past activity: events, stacks, the use of services, a denial."""

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        """Read the CloudTrail events of the last 90 days, newest first, by a resource's name, an event's name, or both.

        If there are more events than are read, ``back_to`` is the time of the oldest one read, and ``note`` says so.
        """

    def lookup_events(self, attribute: str, value: str, *, since: datetime, region: str = "") -> Iterator[EventPage]:
        """Yield CloudTrail events with one attribute (``ResourceName``, ``EventName``) from now back to ``since``.

        The newest events come first. Each page is a call, which is made only when the page is requested. ``region`` is
        "" for the home Region, which has the events of IAM and of the organization.
        """

    def config_items(self, kind: str, name: str, *, since: datetime) -> Reading[tuple[ConfigItem, ...]]:
        """Read what AWS Config recorded for an entity, by its type (``AWS::IAM::Role``) and name, oldest first.

        Takes two calls. Empty if Config does not record the entity.
        """

    def recent_events(self) -> Iterator[EventPage]:
        """Yield all CloudTrail events, page by page, from the Regions in use and the home Region.

        LookupEvents works for one Region, and allows two calls a second. The Region that was read least far back is
        read next, so that the pages are approximately newest first. The iterator makes a call only when the next page
        is requested, so a caller can stop at any time. It never raises; a Region that cannot be read yields one page
        that says why.
        """

    def stack_resources(self, physical_id: str) -> Reading[tuple[StackResource, ...]]:
        """Find the CloudFormation stacks, in the Regions in use, that own the resource."""

    def all_stack_resources(self) -> Reading[tuple[StackResource, ...]]:
        """Read every IAM resource that is owned by a CloudFormation stack in the Regions in use."""

    def last_accessed(self, arn: str) -> Reading[tuple[ServiceLastAccessed, ...]]: ...

    def access_analyzer(self) -> Reading[AnalyzerReport]:
        """Read Access Analyzer's findings about the account's roles and users, in the Regions in use."""

    def deletion_status(self, role_name: str) -> Reading[str]:
        """Read the status of the deletion of a service-linked role, if it is being deleted.

        It is NOT_STARTED, IN_PROGRESS, SUCCEEDED or FAILED.
        """

    def decode_authorization_message(self, blob: str) -> Reading[str]:
        """Decode EC2's encoded message into JSON text, with sts:DecodeAuthorizationMessage."""

    def authorization_record(self, authorization_id: str, region: str | None) -> Reading[AuthorizationRecord]:
        """Read AWS's record of a denial, by the authorization ID that newer messages contain.

        ``region`` is the Region of the denial; None for the Region in use.
        """
