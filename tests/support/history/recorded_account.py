"""A small account in memory with a record of changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from iam.account import Account
from iam.event import Event
from iam.other_services import VpcEndpoint
from iam.policy.document import Document
from iam.sources.reader.reading import Reading
from tests.support.accounts.fake_reader import NOW, FakeReader, allow, document, managed

S3_READ = managed("AmazonS3ReadOnlyAccess", document(allow(["s3:Get*", "s3:List*"])), aws=True)


class RecordedReader(FakeReader):
    """A small account with a record of changes."""

    def __init__(self, account: Account, events: tuple[Event, ...]) -> None:
        details = {each.name: each for each in account.roles}
        super().__init__(account.roles, policies=account.policies or (), on_demand=(S3_READ,), details=details)
        self._events = events

    def clock(self) -> datetime:
        return NOW

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        found = [
            event
            for event in self._events
            if (resource_name is None or resource_name in event.resources)
            and (event_name is None or event_name == event.name)
        ]
        return Reading("cloudtrail:LookupEvents", tuple(found))

    def __getattr__(self, name: str) -> Any:
        """What the fake reader lacks has no answer here."""
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *given, **named: Reading(name)

    def simulator(self) -> None:
        return None

    def vpc_endpoints(self, service: str) -> Reading[tuple[VpcEndpoint, ...]]:
        return Reading("ec2:DescribeVpcEndpoints", ())

    def resource_policy(self, arn: str) -> Reading[Document]:
        return Reading("s3:GetBucketPolicy", note="It has none.")
