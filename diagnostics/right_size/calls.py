"""Read CloudTrail's records of a role's sessions as the requests that AWS authorized.

Field names are those of the CloudTrail User Guide, "CloudTrail record contents" and "userIdentity element".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from diagnostics.access_denied.request.event import record_context
from diagnostics.right_size.resources import passed_roles, resources_of
from iam import service_reference
from iam.account import Account, Role
from iam.api_operations import action_for, actions_behind, actions_named
from iam.arn import Arn
from iam.passed_roles import principal_passed_to
from iam.service_reference import Action
from iam.services import iam_prefix
from iam.sources.aws.errors import denied_in_trail

PASS_ROLE = "iam:PassRole"
Context = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A request from a CloudTrail record.

    ``action`` is spelled as in AWS's list of actions. ``resources`` are ARNs, ``*`` if the action is on no resource,
    and empty if the record does not contain them. ``refused``: AWS denied the request. ``time`` is as in the record and
    can be sorted. ``dependent``: it is not the call itself, but a further action that the call requires.
    """

    action: str
    resources: tuple[str, ...]
    context: Context
    time: str
    refused: bool = False
    dependent: bool = False


@dataclass(frozen=True, slots=True)
class UnknownOperation:
    """A recorded event of the role for which the IAM action is unknown.

    ``service`` is the action prefix, or None if that is unknown too.
    """

    source: str
    operation: str
    service: str | None


def is_of(role: Role, identity: object) -> bool:
    """Return whether a record's ``userIdentity`` is a session of the role.

    The issuer's ARN or unique ID decides or, if the record has no issuer, the session's own.
    """
    if not isinstance(identity, dict) or identity.get("type") not in ("AssumedRole", None):
        return False
    context = identity.get("sessionContext")
    issuer = context.get("sessionIssuer") if isinstance(context, dict) else None
    if isinstance(issuer, dict) and (issuer.get("arn") or issuer.get("principalId")):
        return issuer.get("arn") == role.arn or bool(role.id and issuer.get("principalId") == role.id)
    principal = identity.get("principalId")
    if role.id and isinstance(principal, str) and principal.partition(":")[0] == role.id:
        return True
    session = Arn.parse(str(identity.get("arn") or ""))
    ours = Arn.parse(role.arn)
    if session is None or ours is None or not session.resource.startswith("assumed-role/"):
        return False
    return session.account == ours.account and session.session_role == role.name


class RolesById:
    """Returns which of several roles the session in a record's ``userIdentity`` belongs to."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self._roles: dict[str, Role] = {}
        for role in roles:
            for name in (role.arn, role.id, role.name):
                if name:
                    self._roles[name] = role

    def __call__(self, identity: object) -> Role | None:
        if not isinstance(identity, dict):
            return None
        context = identity.get("sessionContext")
        issuer = context.get("sessionIssuer") if isinstance(context, dict) else None
        session = Arn.parse(str(identity.get("arn") or ""))
        names = [issuer.get("arn"), issuer.get("principalId")] if isinstance(issuer, dict) else []
        names += [str(identity.get("principalId") or "").partition(":")[0], session.session_role if session else None]
        found = (self._roles.get(name) for name in names if isinstance(name, str))
        return next((role for role in found if role is not None and is_of(role, identity)), None)


def is_data_event(record: Mapping[str, Any]) -> bool:
    return record.get("eventCategory") == "Data" or record.get("managementEvent") is False


def data_event_places(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield patterns for the resources that a trail logs if it contains this data event.

    These are a bucket's objects, a table with its indexes, a function with its versions.
    """
    listed = record.get("resources")
    for part in listed if isinstance(listed, list) else ():
        arn = part.get("ARN") if isinstance(part, dict) else None
        if isinstance(arn, str) and arn.startswith("arn:"):
            yield f"{arn.partition('/')[0]}*" if ":s3:::" in arn else f"{arn}*"
    asked = record.get("requestParameters")
    bucket = asked.get("bucketName") if isinstance(asked, dict) else None
    if isinstance(bucket, str) and not listed:
        yield f"arn:*:s3:::{bucket}*"
    for field in ("tableName", "functionName"):
        name = asked.get(field) if isinstance(asked, dict) else None
        if isinstance(name, str) and name and not listed:
            yield f"arn:*:*:*:*:*{name}*" if not name.startswith("arn:") else f"{name}*"


def calls_of(record: Mapping[str, Any], account: Account) -> Iterator[RecordedCall | UnknownOperation]:
    """Yield the requests in one record: its own, and those for the roles that it passed to a service.

    Yields nothing for records that are not AWS API calls, such as sign-ins and a service's own events.
    """
    if record.get("eventType", "AwsApiCall") != "AwsApiCall":
        return
    source, operation = str(record.get("eventSource") or ""), str(record.get("eventName") or "")
    service = service_of_source(source)
    found = _action(operation, service) if service else None
    if found is not None and service == "s3":
        found = _versioned(found, record)
    code = record.get("errorCode")
    refused = isinstance(code, str) and denied_in_trail(code)
    time = str(record.get("eventTime") or "")
    if found is None:
        # Every action that it may be, so that none of them counts as unused.
        several = actions_behind(f"{service}:{operation}") if service else actions_named(operation)
        context = record_context(dict(record))
        yield from (RecordedCall(name, (), context, time, refused) for name in several)
        if service and several:
            return
        yield UnknownOperation(source, operation, service)
        return
    context = {**record_context(dict(record)), **_more_context(found, record)}
    yield RecordedCall(found.name, resources_of(found, record, account), context, time, refused)
    asked = record.get("requestParameters")
    if refused or not isinstance(asked, dict):
        return  # the further actions of a denied call were perhaps never evaluated
    for name, resources in _dependent_actions(found, operation, asked, record, account):
        yield RecordedCall(name, resources, context, time, dependent=True)
    if service not in ("iam", "sts"):
        principal = principal_passed_to(found.name)
        passed = {**context, **({"iam:PassedToService": (principal,)} if principal else {})}
        for role in passed_roles(asked):
            yield RecordedCall(PASS_ROLE, (role,), passed, time, dependent=True)


@lru_cache(maxsize=1024)
def service_of_source(source: str) -> str | None:
    """Return the action prefix for an event source (``cloudwatch`` for ``monitoring.amazonaws.com``), or None."""
    name = source.partition(".amazonaws.com")[0].partition(".")[0]
    if not name:
        return None
    return _SOURCES.get(name) or (name if name in service_reference.services() else iam_prefix(name))


_SOURCES = {
    # https://docs.aws.amazon.com/partner-central/latest/APIReference/access-control.html
    **{f"partnercentral-{part}": "partnercentral" for part in ("account", "benefits", "channel", "selling")},
}
"""Event source → action prefix, for sources that differ from it."""


@lru_cache(maxsize=8192)
def _action(operation: str, service: str) -> Action | None:
    name = action_for(operation, service)
    return service_reference.action(name) if name else None


def _versioned(action: Action, record: Mapping[str, Any]) -> Action:
    """Return S3's action for one version of an object if the record has a version, else ``action``.

    Such an action is ``s3:GetObjectVersion``.
    """
    asked = record.get("requestParameters")
    if not isinstance(asked, dict) or not asked.get("versionId"):
        return action
    return service_reference.action(of_version(action.name)) or action


def of_version(action: str) -> str:
    """Return the name of S3's action for one version of an object: ``s3:GetObjectVersion`` for ``s3:GetObject``."""
    return action.replace("Object", "ObjectVersion", 1)


def _dependent_actions(
    action: Action, operation: str, asked: Mapping[str, Any], record: Mapping[str, Any], account: Account
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield actions that a call is authorized for in addition to its own, each with its resources.

    For S3 objects, they depend on what the call sends with the object (S3 User Guide, "Required permissions for Amazon
    S3 API operations"); for other services, they are for tagging what is created.
    """
    service = action.name.partition(":")[0]
    if service == "s3":
        objects = resources_of(action, record, account)
        for header, name in (("x-amz-acl", "s3:PutObjectAcl"), ("x-amz-tagging", "s3:PutObjectTagging")):
            if action.name == "s3:PutObject" and asked.get(header):
                yield name, objects
        source = asked.get("x-amz-copy-source")
        if isinstance(source, str) and source:
            path, _, version = unquote(source).removeprefix("/").partition("?versionId=")
            name = "s3:GetObjectVersion" if version else "s3:GetObject"
            yield name, (f"arn:{account.partition}:s3:::{path}",) if "/" in path and "arn:" not in path else ()
    elif action.level != "Tagging" and any(asked.get(each) for each in _TAGS):
        making = operation.removeprefix("Create")
        for name in ("CreateTags", "TagResource", "AddTags", "AddTagsToResource", f"Tag{making}"):
            if tagging := service_reference.action(f"{service}:{name}"):
                yield tagging.name, ()


_TAGS = ("tags", "tag", "tagSet", "tagList", "tagSpecificationSet", "tagSpecification")


def _more_context(action: Action, record: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the condition keys of individual services that a record contains."""
    found: dict[str, tuple[str, ...]] = {}
    identity, asked = record.get("userIdentity"), record.get("requestParameters")
    via = identity.get("invokedBy") if isinstance(identity, dict) else None
    region = record.get("awsRegion")
    if action.name.startswith("kms:") and isinstance(via, str) and ".amazonaws.com" in via and region:
        service = via.partition(".amazonaws.com")[0].removeprefix("fas.").partition(".")[0]
        found["kms:ViaService"] = (f"{service}.{region}.amazonaws.com",)
    if action.name in ("s3:ListBucket", "s3:ListBucketVersions") and isinstance(asked, dict):
        for field in ("prefix", "delimiter"):
            if isinstance(value := asked.get(field), str):
                found[f"s3:{field}"] = (value,)
    if isinstance(identity, dict) and isinstance(whole := identity.get("principalId"), str):
        found["aws:userid"] = (whole,)
    if isinstance(time := record.get("eventTime"), str):
        found["aws:CurrentTime"] = (time,)
    return found
