"""The parts of a snapshot that no field of the account holds: resource policies, events, stacks, and the like."""

from __future__ import annotations

from collections.abc import Mapping

from iam.account import Event, ServiceLastAccessed, StackResource, Unreadable
from iam.policy.document import Document
from iam.sources import shapes
from iam.sources.reader import AccessKey, Binding, LoginProfile, MfaDevice, PublicAccessBlock
from iam.sources.shapes import Entry, ShapeError


def documents(own: Entry, key: str) -> Mapping[str, Document | None] | None:
    value = shapes.mapping(own, key, "Rolescope")
    if value is None:
        return None
    return {arn: shapes.document(policy, f"Rolescope.{key}[{arn!r}]") for arn, policy in value.items()}


def blocks(own: Entry) -> Mapping[str, PublicAccessBlock | None] | None:
    value = shapes.mapping(own, "PublicAccessBlocks", "Rolescope")
    if value is None:
        return None
    found: dict[str, PublicAccessBlock | None] = {}
    for bucket in value:
        entry = shapes.mapping(value, bucket, "Rolescope.PublicAccessBlocks")
        found[bucket] = (
            None
            if entry is None
            else PublicAccessBlock(
                block_public_acls=entry.get("BlockPublicAcls") is True,
                ignore_public_acls=entry.get("IgnorePublicAcls") is True,
                block_public_policy=entry.get("BlockPublicPolicy") is True,
                restrict_public_buckets=entry.get("RestrictPublicBuckets") is True,
            )
        )
    return found


def last_accessed(own: Entry) -> Mapping[str, tuple[ServiceLastAccessed, ...]] | None:
    value = shapes.mapping(own, "LastAccessed", "Rolescope")
    if value is None:
        return None
    return {
        arn: tuple(
            ServiceLastAccessed(
                shapes.text(entry, "ServiceNamespace", place) or "", shapes.time(entry, "LastAuthenticated", place)
            )
            for place, entry in shapes.objects(value, arn, "Rolescope.LastAccessed") or ()
        )
        for arn in value
    }


def unreadable(entry: Entry, place: str) -> Unreadable:
    call, why, costs = (shapes.text(entry, key, place) or "" for key in ("Call", "Why", "Costs"))
    return Unreadable(call, f"{why} (when the snapshot was saved)", costs)


def event(entry: Entry, place: str) -> Event:
    when = shapes.time(entry, "EventTime", place)
    if when is None:
        raise ShapeError(f"{place}.EventTime", "a time", None)
    return Event(
        name=shapes.text(entry, "EventName", place) or "",
        time=when,
        username=shapes.text(entry, "Username", place),
        resources=shapes.texts(entry, "Resources", place) or (),
        user_agent=shapes.text(entry, "UserAgent", place),
        detail=shapes.text(entry, "CloudTrailEvent", place),
    )


def stack_resource(entry: Entry, place: str) -> StackResource:
    return StackResource(
        stack_name=shapes.text(entry, "StackName", place) or "",
        stack_status=shapes.text(entry, "StackStatus", place) or "",
        resource_type=shapes.text(entry, "ResourceType", place) or "",
        physical_id=shapes.text(entry, "PhysicalResourceId", place) or "",
        stack_id=shapes.text(entry, "StackId", place),
        region=shapes.text(entry, "Region", place),
    )


def binding(entry: Entry, place: str) -> Binding:
    return Binding(
        service=shapes.text(entry, "Service", place) or "",
        name=shapes.text(entry, "Name", place) or "",
        use=shapes.text(entry, "Use", place) or "",
        role_arn=shapes.text(entry, "RoleArn", place) or "",
    )


def login_profile(entry: Entry, place: str) -> LoginProfile:
    return LoginProfile(shapes.text(entry, "UserName", place) or "", shapes.time(entry, "CreateDate", place))


def mfa_device(entry: Entry, place: str) -> MfaDevice:
    return MfaDevice(
        serial=shapes.text(entry, "SerialNumber", place) or "",
        user=shapes.text(entry, "UserName", place),
        enabled=shapes.time(entry, "EnableDate", place),
    )


def access_key(entry: Entry, place: str) -> AccessKey:
    return AccessKey(
        id=shapes.text(entry, "AccessKeyId", place) or "",
        user=shapes.text(entry, "UserName", place) or "",
        active=shapes.text(entry, "Status", place) == "Active",
        created=shapes.time(entry, "CreateDate", place),
    )
