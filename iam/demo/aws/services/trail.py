"""CloudTrail's LookupEvents, which moto lacks, and the recording of changes that this run makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iam.demo.account.events import DemoEvent
from iam.demo.aws.authorization.callers import caller_of
from iam.demo.aws.server import Handler
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World
from iam.demo.clock import CLOCK

_PAGE = 50
_SECRET = frozenset({"password", "newPassword", "oldPassword", "tokenCode"})


def _lookup_events(world: World, call: DemoCall) -> Mapping[str, Any]:
    """Return events, newest first, in the requested Region: global events of IAM and STS are in us-east-1."""
    found = [event for event in world.events if event.region == call.region and event.account == world.account]
    for rule in call.get("LookupAttributes") or ():
        found = [event for event in found if _matches(event, rule["AttributeKey"], rule["AttributeValue"])]
    if start := call.get("StartTime"):
        found = [event for event in found if event.time.replace(tzinfo=None) >= start.replace(tzinfo=None)]
    if end := call.get("EndTime"):
        found = [event for event in found if event.time.replace(tzinfo=None) <= end.replace(tzinfo=None)]
    found.sort(key=lambda event: event.time, reverse=True)
    try:
        begin = int(call.get("NextToken") or 0)
    except ValueError as error:
        raise AwsError("InvalidNextTokenException", "Invalid token.") from error
    size = min(int(call.get("MaxResults") or _PAGE), _PAGE)
    page = found[begin : begin + size]
    more = begin + size < len(found)
    return {"Events": [_event(event) for event in page], **({"NextToken": str(begin + size)} if more else {})}


def _matches(event: DemoEvent, key: str, value: str) -> bool:
    if key == "ResourceName":
        return any(name == value for _, name in event.resources)
    if key == "ResourceType":
        return any(kind == value for kind, _ in event.resources)
    known = {
        "EventId": event.id,
        "EventName": event.name,
        "EventSource": event.source,
        "ReadOnly": str(event.read_only).lower(),
        "Username": event.username,
    }
    return known.get(key) == value


def _event(event: DemoEvent) -> Mapping[str, Any]:
    return {
        "EventId": event.id,
        "EventName": event.name,
        "EventTime": event.time,
        "EventSource": event.source,
        "ReadOnly": str(event.read_only).lower(),
        "Username": event.username,
        "Resources": [{"ResourceType": kind, "ResourceName": name} for kind, name in event.resources],
        "CloudTrailEvent": event.detail(),
    }


def record(
    world: World, call: DemoCall, response: Mapping[str, Any] | None = None, *, error: AwsError | None = None
) -> None:
    """Record a change that this run made or attempted, in CloudTrail's format."""
    caller = caller_of(world, call)
    parameters = {name[:1].lower() + name[1:]: value for name, value in call.parameters.items()}
    resources = tuple(
        (kind, each)
        for name, kind in (
            ("RoleName", "AWS::IAM::Role"),
            ("RoleArn", "AWS::IAM::Role"),
            ("UserName", "AWS::IAM::User"),
            ("GroupName", "AWS::IAM::Group"),
            ("InstanceProfileName", "AWS::IAM::InstanceProfile"),
            ("PolicyArn", "AWS::IAM::Policy"),
        )
        if (value := call.get(name))
        for each in ((str(value), str(value).rpartition("/")[2]) if name == "RoleArn" else (str(value),))
    )
    world.record_event(
        DemoEvent(
            call.operation,
            CLOCK.now(),
            {
                "type": "AssumedRole" if caller.session else "IAMUser",
                "principalId": caller.user_id,
                "arn": caller.arn,
                "accountId": caller.account,
                **({} if caller.session else {"userName": caller.entity.name}),
            },
            {name: value for name, value in parameters.items() if name not in _SECRET},
            resources,
            source=f"{call.service}.amazonaws.com",
            user_agent=call.request.headers.get("User-Agent", ""),
            response=dict(response) if response else None,
            error_code=error.code if error else None,
            error_message=error.message if error else None,
            account=world.account,
        ),
    )


def record_refusal(world: World, call: DemoCall, error: AwsError) -> None:
    """Record a denied change or a denied AssumeRole call.

    Denied reads are not recorded: they would hide the other events.
    """
    if call.service not in ("iam", "sts") or call.operation.startswith(
        ("Get", "List", "Generate", "Simulate", "Decode")
    ):
        return
    try:
        caller_of(world, call)
    except AwsError:
        return  # CloudTrail has no identity to record
    record(world, call, error=error)


HANDLERS: Mapping[tuple[str, str], Handler] = {("cloudtrail", "LookupEvents"): _lookup_events}
