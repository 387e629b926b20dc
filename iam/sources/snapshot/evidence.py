"""Read the records of past activity in a file: events, stacks, the use of services."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from iam.sources.reader.reading import Reading
from iam.sources.snapshot.part import SnapshotPart

if TYPE_CHECKING:
    from iam.access_analyzer import AnalyzerReport
    from iam.event import Event
    from iam.other_services import ServiceLastAccessed, StackResource
    from iam.sources.reader.authorization import AuthorizationRecord
    from iam.sources.reader.evidence import ConfigItem, EventPage


class SnapshotEvidence(SnapshotPart):
    """Reads AWS's records of past activity from a file, up to the time at which it was saved."""

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        reading = self.all_of("Rolescope.Events", self.snapshot.events, "CloudTrail's events")
        if reading.value is None:
            return reading
        found = (
            event
            for event in reading.value
            if (event_name is None or event.name == event_name)
            and (resource_name is None or resource_name in event.resources)
        )
        return Reading(reading.call, tuple(sorted(found, key=lambda event: event.time, reverse=True)))

    def lookup_events(self, attribute: str, value: str, *, since: datetime, region: str = "") -> Iterator[EventPage]:
        """Yield a single page with the matching events in the file, from all Regions."""
        by_name = {"resource_name": value} if attribute == "ResourceName" else {"event_name": value}
        reading = self.events(**by_name)
        found = tuple(event for event in reading.value or () if event.time >= since)
        from iam.sources.reader.evidence import EventPage

        yield EventPage(region, found, why=reading.why)

    def config_items(self, kind: str, name: str, *, since: datetime) -> Reading[tuple[ConfigItem, ...]]:
        return Reading("config:GetResourceConfigHistory", why="A saved account has no AWS Config items.")

    def recent_events(self) -> Iterator[EventPage]:
        reading = self.events()
        from iam.sources.reader.evidence import EventPage

        yield EventPage("", reading.value or (), why=reading.why)

    def stack_resources(self, physical_id: str) -> Reading[tuple[StackResource, ...]]:
        reading = self.all_stack_resources()
        if reading.value is None:
            return reading
        return Reading(reading.call, tuple(one for one in reading.value if one.physical_id == physical_id))

    def all_stack_resources(self) -> Reading[tuple[StackResource, ...]]:
        return self.all_of("Rolescope.StackResources", self.snapshot.stack_resources, "which stacks own what")

    def last_accessed(self, arn: str) -> Reading[tuple[ServiceLastAccessed, ...]]:
        found = (self.snapshot.last_accessed or {}).get(arn)
        if found is None:
            return Reading("Rolescope.LastAccessed", why=f"The snapshot does not record which services {arn} used.")
        return Reading("Rolescope.LastAccessed", found)

    def access_analyzer(self) -> Reading[AnalyzerReport]:
        part, found = "Rolescope.AccessAnalyzer", self.snapshot.access_analyzer
        if found is None:
            return Reading(part, why=self.not_in_file(part, "what Access Analyzer found"))
        return Reading(part, found)

    def deletion_status(self, role_name: str) -> Reading[str]:
        status = self.snapshot.deletions.get(role_name)
        if status is None:
            return Reading("Rolescope.Deletions", why="The snapshot does not show whether a deletion was running.")
        return Reading("Rolescope.Deletions", status)

    def decode_authorization_message(self, blob: str) -> Reading[str]:
        return Reading("snapshot", why="Only AWS can decode an encoded message, not a snapshot.")

    def authorization_record(self, authorization_id: str, region: str | None) -> Reading[AuthorizationRecord]:
        return Reading("snapshot", why="Only AWS can return IAM's record of a denial, not a snapshot.")
