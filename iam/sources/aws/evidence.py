"""Read AWS's records of past activity: events, stacks, the use of services, a denial."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from iam.access_analyzer import AnalyzerReport
from iam.event import Event
from iam.other_services import ServiceLastAccessed, StackResource
from iam.sources.aws import trail
from iam.sources.aws.access_analyzer import analyzer_report
from iam.sources.aws.authorization import authorization_record
from iam.sources.aws.session import NOT_THERE, Aws, AwsPart, Patience, by_token, home_region
from iam.sources.json_evidence import SERVICE_LAST_ACCESSED
from iam.sources.json_values import TIME
from iam.sources.reader.authorization import AuthorizationRecord
from iam.sources.reader.evidence import ConfigItem, EventPage
from iam.sources.reader.reading import Reading

# LookupEvents returns 50 events a page and allows two calls a second: a diagnosis needs at most the newest 200.
_EVENTS_AT_MOST = 200
_JOB_SECONDS = 60.0
_LOOKUP = "cloudtrail:LookupEvents"


_EMBEDDED = trail.Pace(0.0)


_NOT_RECORDED = ("NoAvailableConfigurationRecorderException", "ResourceNotDiscoveredException")
_ITEMS_AT_MOST = 100
_MOST_OF_ONE_NAME = 3
"""The maximum number of entities with one name that are read. AWS Config treats a recreated entity as another entity.
"""


def _config_item(entry: Mapping[str, Any]) -> ConfigItem | None:
    """Return one configuration item, or None if it has no time or its content cannot be parsed."""
    status, at, text = (
        str(entry.get("configurationItemStatus")),
        entry.get("configurationItemCaptureTime"),
        entry.get("configuration"),
    )
    deleted = status.startswith("ResourceDeleted")
    try:
        content = json.loads(text) if isinstance(text, str) and text else {}
        moment = TIME.read(at)
    except (ValueError, RecursionError, TypeError):
        return None
    if not isinstance(content, dict) or (not content and not deleted) or status == "ResourceNotRecorded":
        return None
    return ConfigItem(moment, content, deleted, str(entry.get("arn") or ""))


class AwsEvidence(AwsPart):
    """Reads AWS's records of past activity. Services with Regional data are read in several Regions."""

    def __init__(self, aws: Aws) -> None:
        super().__init__(aws)
        self._pace = trail.Pace()

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        regions = tuple(dict.fromkeys((home_region(self.aws.region), *self.aws.regions)))
        if resource_name is None:  # the events are what the caller wants, so the call is not optional
            return self._events(resource_name, event_name, regions)
        return self.aws.witness(
            _LOOKUP, lambda: self._events(resource_name, event_name, regions, patience=Patience.WITNESS)
        )

    def _events(
        self,
        resource_name: str | None,
        event_name: str | None,
        regions: tuple[str, ...],
        patience: Patience = Patience.USUAL,
    ) -> Reading[tuple[Event, ...]]:
        """Read CloudTrail events by the name of a resource, the name of an event, or both names.

        LookupEvents takes only one attribute; the results are then filtered by the other attribute. IAM's own events
        are in the partition's home Region.
        """
        lookup = [{"AttributeKey": "ResourceName", "AttributeValue": resource_name}] if resource_name else []
        if not lookup and event_name:
            lookup = [{"AttributeKey": "EventName", "AttributeValue": event_name}]
        cut: dict[str, datetime] = {}

        def question(region: str) -> Iterator[Event]:
            arguments: dict[str, Any] = {"PaginationConfig": {"MaxItems": _EVENTS_AT_MOST}}
            if lookup:
                arguments["LookupAttributes"] = lookup
            found = list(
                self.aws.pages("cloudtrail", "lookup_events", "Events", region=region, patience=patience, **arguments)
            )
            events = [trail.cloudtrail_event(entry) for entry in found]
            if len(found) >= _EVENTS_AT_MOST and events:
                cut[region] = events[-1].time
            yield from (event for event in events if event_name is None or event.name == event_name)

        reading = self.aws.in_regions(_LOOKUP, question, regions)
        if reading.value is None:
            return reading
        note, back_to = reading.note, None
        if cut and resource_name is not None:
            said = f"Only the newest {_EVENTS_AT_MOST} events of {resource_name} were read in {', '.join(cut)}."
            note, back_to = f"{reading.note} {said}".strip(), None if reading.note else max(cut.values())
        unique = {(event.detail or event, event.time): event for event in reading.value}
        newest_first = tuple(sorted(unique.values(), key=lambda event: event.time, reverse=True))
        return Reading(reading.call, newest_first, note=note, back_to=back_to)

    def lookup_events(self, attribute: str, value: str, *, since: datetime, region: str = "") -> Iterator[EventPage]:
        where = region or home_region(self.aws.region)
        pace = _EMBEDDED if getattr(self, "kind", "") == "demo" else self._pace
        return trail.lookup_events(self.aws, where, attribute, value, since, pace)

    def config_items(self, kind: str, name: str, *, since: datetime) -> Reading[tuple[ConfigItem, ...]]:
        client = self.aws.client("config", home_region(self.aws.region))
        listed = self.aws.read(
            "config:ListDiscoveredResources",
            lambda: client.list_discovered_resources(
                resourceType=kind, resourceName=name, includeDeletedResources=True
            )["resourceIdentifiers"],
            absent=_NOT_RECORDED,
        )
        if listed.value is None:
            return Reading(listed.call, why=listed.why, note=listed.note)
        found: list[ConfigItem] = []
        for one in listed.value[:_MOST_OF_ONE_NAME]:
            reading = self.aws.read(
                "config:GetResourceConfigHistory",
                lambda id=one["resourceId"]: client.get_resource_config_history(  # type: ignore[misc]
                    resourceType=kind, resourceId=id, earlierTime=since, limit=_ITEMS_AT_MOST
                )["configurationItems"],
                absent=_NOT_RECORDED,
            )
            if reading.unreadable:
                return Reading(reading.call, why=reading.why)
            found += [item for each in reading.value or () if (item := _config_item(each)) is not None]
        return Reading("config:GetResourceConfigHistory", tuple(sorted(found, key=lambda item: item.at)))

    def recent_events(self) -> Iterator[EventPage]:
        return trail.recent_events(self.aws, self.aws.regions)

    def stack_resources(self, physical_id: str) -> Reading[tuple[StackResource, ...]]:
        """Find the CloudFormation stacks that own a resource, Region by Region.

        IAM resources do not have CloudFormation's tags.
        """

        def question(region: str) -> Iterator[StackResource]:
            client = self.aws.client("cloudformation", region)
            try:
                listed = client.describe_stack_resources(PhysicalResourceId=physical_id)["StackResources"]
            except client.exceptions.ClientError as error:
                # "Stack for X does not exist": CloudFormation has no separate error code for "belongs to no stack".
                if error.response.get("Error", {}).get("Code") == "ValidationError":
                    return
                raise
            for entry in listed:
                if entry.get("PhysicalResourceId") != physical_id:
                    continue
                status = self._stack_status(client, str(entry.get("StackId") or entry.get("StackName")))
                yield StackResource(
                    stack_name=str(entry.get("StackName") or ""),
                    stack_status=status,
                    resource_type=str(entry.get("ResourceType") or ""),
                    physical_id=physical_id,
                    stack_id=entry.get("StackId"),
                    region=region,
                )

        return self.aws.in_regions("cloudformation:DescribeStackResources", question)

    def all_stack_resources(self) -> Reading[tuple[StackResource, ...]]:
        """Read the IAM resources of every stack. Takes two calls for each stack, regardless of the number of roles."""

        def question(region: str) -> Iterator[StackResource]:
            for stack in self.aws.pages("cloudformation", "list_stacks", "StackSummaries", region=region):
                status = str(stack.get("StackStatus") or "")
                if status == "DELETE_COMPLETE":
                    continue
                name = str(stack.get("StackId") or stack.get("StackName"))
                listed = self.aws.pages(
                    "cloudformation", "list_stack_resources", "StackResourceSummaries", region=region, StackName=name
                )
                for entry in listed:
                    kind, physical_id = str(entry.get("ResourceType") or ""), entry.get("PhysicalResourceId")
                    if kind.startswith("AWS::IAM::") and physical_id:
                        yield StackResource(
                            stack_name=str(stack.get("StackName") or ""),
                            stack_status=status,
                            resource_type=kind,
                            physical_id=str(physical_id),
                            stack_id=stack.get("StackId"),
                            region=region,
                        )

        return self.aws.in_regions("cloudformation:ListStackResources", question)

    def _stack_status(self, client: Any, stack: str) -> str:
        """Return the stack's status, or "" if it cannot be read."""
        reading = self.aws.read(
            "cloudformation:DescribeStacks",
            lambda: str(client.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]),
        )
        return reading.value or ""

    def last_accessed(self, arn: str) -> Reading[tuple[ServiceLastAccessed, ...]]:
        """Start a last-accessed job in IAM and wait for its result: usually a few seconds, at most a minute."""
        client = self._iam

        def read() -> tuple[ServiceLastAccessed, ...]:
            job = client.generate_service_last_accessed_details(Arn=arn, Granularity="ACTION_LEVEL")["JobId"]

            def page(**marker: str) -> Mapping[str, Any]:
                began, pause = time.monotonic(), 0.1
                while True:
                    answer: Mapping[str, Any] = client.get_service_last_accessed_details(JobId=job, **marker)
                    if answer["JobStatus"] == "FAILED":
                        raise RuntimeError(str((answer.get("Error") or {}).get("Message") or "the job failed"))
                    if answer["JobStatus"] == "COMPLETED":
                        return answer
                    if time.monotonic() - began > _JOB_SECONDS:
                        raise TimeoutError
                    time.sleep(pause)
                    pause = min(pause * 2, 4.0)

            pages = by_token(page, "ServicesLastAccessed", token="Marker")
            return tuple(SERVICE_LAST_ACCESSED.read(entry) for each in pages for entry in each["ServicesLastAccessed"])

        call = "iam:GenerateServiceLastAccessedDetails"
        try:
            return self.aws.read(call, read, absent=NOT_THERE)
        except TimeoutError:
            return Reading(
                call, why=f"IAM's last-accessed report was not ready after {_JOB_SECONDS:.0f} s; ask again later."
            )
        except RuntimeError as error:
            return Reading(call, why=f"IAM could not make the last-accessed report: {error}.")

    def access_analyzer(self) -> Reading[AnalyzerReport]:
        caller = self.caller()
        if caller.value is None:
            return Reading("access-analyzer:ListAnalyzers", why=caller.why)
        return analyzer_report(self.aws, caller.value.account)

    def deletion_status(self, role_name: str) -> Reading[str]:
        """Read the status of the deletion of a service-linked role.

        IAM needs the task ID for this. CloudTrail records it with the event.
        """
        call = "iam:GetServiceLinkedRoleDeletionStatus"
        started = self._events(None, "DeleteServiceLinkedRole", (home_region(self.aws.region),))
        if started.value is None:
            return Reading(
                call, why=f"CloudTrail, which contains the ID of the deletion's task, could not be read. {started.why}"
            )
        for event in started.value:
            task = _deletion_task(event)
            if task and f"/{role_name}/" in task:
                return self.aws.read(call, partial(self._task_status, task), absent=NOT_THERE)
        return Reading(call, note="CloudTrail contains no deletion of this role in the last 90 days.")

    def _task_status(self, task: str) -> str:
        return str(self._iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"])

    def decode_authorization_message(self, blob: str) -> Reading[str]:
        return self.aws.read(
            "sts:DecodeAuthorizationMessage",
            lambda: str(self.aws.client("sts").decode_authorization_message(EncodedMessage=blob)["DecodedMessage"]),
        )

    def authorization_record(self, authorization_id: str, region: str | None) -> Reading[AuthorizationRecord]:
        return authorization_record(self.aws, authorization_id, region)


def _deletion_task(event: Event) -> str | None:
    """Return the task ID in an event (``task/aws-service-role/SERVICE/ROLE/UUID``), or None if missing."""
    try:
        record = json.loads(event.detail or "{}")
    except (ValueError, RecursionError):
        return None
    response = record.get("responseElements") if isinstance(record, dict) else None
    task = response.get("deletionTaskId") if isinstance(response, dict) else None
    return task if isinstance(task, str) else None
