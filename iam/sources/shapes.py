"""AWS's response shapes, from the API or from a saved file, as the account's own types.

Both give the same keys; the API gives datetimes and stored document text, files give ISO strings and often decoded
documents. Unknown keys are ignored. A value of the wrong type raises `ShapeError` with its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from iam.account import (
    AttachedPolicy,
    Group,
    InlinePolicy,
    Instance,
    InstanceProfile,
    LastUsed,
    ManagedPolicy,
    OIDCProvider,
    OrganizationPolicy,
    PolicyVersion,
    Role,
    SAMLProvider,
    User,
    VpcEndpoint,
)
from iam.arn import name_of
from iam.policy.document import Document
from iam.policy.request import EndpointType

Entry = Mapping[str, Any]

# In our own files: the keys of an entry that could not be read when it was saved.
UNREAD = "RolescopeUnread"


class ShapeError(ValueError):
    """A value that is not what its key promises. ``str()`` names the place and what was expected."""

    def __init__(self, place: str, expected: str, got: object) -> None:
        super().__init__(f"{place} is {_kind(got)}, and should be {expected}")


def _kind(value: object) -> str:
    names: dict[type, str] = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "true or false",
        type(None): "null",
    }
    return names.get(type(value), "a number" if isinstance(value, int | float) else "something else")


def text(entry: Entry, key: str, place: str) -> str | None:
    value = entry.get(key)
    if value is None or isinstance(value, str):
        return value
    raise ShapeError(f"{place}.{key}", "a text", value)


def number(entry: Entry, key: str, place: str) -> int | None:
    value = entry.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ShapeError(f"{place}.{key}", "a whole number", value)


def mapping(entry: Entry, key: str, place: str) -> Entry | None:
    value = entry.get(key)
    if value is None or isinstance(value, dict):
        return value
    raise ShapeError(f"{place}.{key}" if place else key, "an object", value)


def entries(entry: Entry, key: str, place: str) -> Sequence[Any] | None:
    value = entry.get(key)
    if value is None or isinstance(value, list):
        return value
    raise ShapeError(f"{place}.{key}", "a list", value)


def objects(entry: Entry, key: str, place: str) -> list[tuple[str, Entry]] | None:
    """The objects of a list, each with its place. None when the key is absent."""
    values = entries(entry, key, place)
    if values is None:
        return None
    found: list[tuple[str, Entry]] = []
    for index, value in enumerate(values):
        where = f"{place}.{key}[{index}]"
        if not isinstance(value, dict):
            raise ShapeError(where, "an object", value)
        found.append((where, value))
    return found


def texts(entry: Entry, key: str, place: str) -> tuple[str, ...] | None:
    values = entries(entry, key, place)
    if values is None:
        return None
    for index, value in enumerate(values):
        if not isinstance(value, str):
            raise ShapeError(f"{place}.{key}[{index}]", "a text", value)
    return tuple(values)


def time(entry: Entry, key: str, place: str) -> datetime | None:
    """A moment, always with a time zone: times without one are UTC, as AWS's are."""
    value = entry.get(key)
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ShapeError(f"{place}.{key}", "a time like 2026-01-31T12:00:00+00:00", value) from None
    if isinstance(value, int | float) and not isinstance(value, bool):
        # The AWS CLI can be told to write times as seconds since 1970.
        try:
            value = datetime.fromtimestamp(value, UTC)
        except (OverflowError, OSError, ValueError):
            raise ShapeError(f"{place}.{key}", "a time", value) from None
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    raise ShapeError(f"{place}.{key}", "a time", value)


def document(value: Any, place: str) -> Document | None:
    """A policy document: stored text, URL-encoded text (as IAM's API sends it), or decoded JSON."""
    if value is None:
        return None
    if isinstance(value, str | dict):
        return Document.from_value(value)
    raise ShapeError(place, "a policy document (an object or a text)", value)


def tags(entry: Entry, key: str, place: str) -> Mapping[str, str] | None:
    pairs = objects(entry, key, place)
    if pairs is None:
        return None
    return {text(pair, "Key", where) or "": text(pair, "Value", where) or "" for where, pair in pairs}


def attached(entry: Entry, key: str, place: str) -> tuple[AttachedPolicy, ...] | None:
    pairs = objects(entry, key, place)
    if pairs is None:
        return None
    found = []
    for where, pair in pairs:
        arn = text(pair, "PolicyArn", where) or ""
        found.append(AttachedPolicy(text(pair, "PolicyName", where) or name_of(arn), arn))
    return tuple(found)


def inline(entry: Entry, key: str, place: str) -> tuple[InlinePolicy, ...] | None:
    pairs = objects(entry, key, place)
    if pairs is None:
        return None
    found = []
    for where, pair in pairs:
        policy = document(pair.get("PolicyDocument"), f"{where}.PolicyDocument")
        if policy is None:
            raise ShapeError(f"{where}.PolicyDocument", "a policy document", None)
        found.append(InlinePolicy(text(pair, "PolicyName", where) or "", policy))
    return tuple(found)


def boundary(entry: Entry, place: str) -> str | None:
    value = entry.get("PermissionsBoundary")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise ShapeError(f"{place}.PermissionsBoundary", "an object", value)
    return text(value, "PermissionsBoundaryArn", f"{place}.PermissionsBoundary")


def last_used(entry: Entry, place: str) -> LastUsed | None:
    value = entry.get("RoleLastUsed")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise ShapeError(f"{place}.RoleLastUsed", "an object", value)
    where = f"{place}.RoleLastUsed"
    return LastUsed(time(value, "LastUsedDate", where), text(value, "Region", where))


def _source_template(entry: Entry, place: str) -> str | None:
    value = entry.get("SourceRoleTemplate")
    return text(value, "TemplateArn", place) if isinstance(value, dict) else None


def role(entry: Entry, place: str, *, detailed: bool) -> Role:
    """A role from GetAccountAuthorizationDetails (``detailed``) or from ListRoles and GetRole.

    GetAccountAuthorizationDetails leaves out empty lists in some tools' files: there absent means none. ListRoles has
    no tags, boundary or last use, so there absent means not known.
    """
    name = text(entry, "RoleName", place) or ""
    profiles = objects(entry, "InstanceProfileList", place)
    return Role(
        name=name,
        arn=text(entry, "Arn", place) or "",
        path=text(entry, "Path", place) or "/",
        id=text(entry, "RoleId", place) or "",
        created=time(entry, "CreateDate", place),
        trust=document(entry.get("AssumeRolePolicyDocument"), f"{place}.AssumeRolePolicyDocument"),
        inline=_or(inline(entry, "RolePolicyList", place), _untold(entry, "RolePolicyList", detailed)),
        attached=_or(
            attached(entry, "AttachedManagedPolicies", place), _untold(entry, "AttachedManagedPolicies", detailed)
        ),
        boundary_arn=boundary(entry, place),
        tags=_or(tags(entry, "Tags", place), None if _untold(entry, "Tags", detailed) is None else {}),
        last_used=last_used(entry, place),
        description=text(entry, "Description", place),
        max_session_seconds=number(entry, "MaxSessionDuration", place),
        max_signin_session_seconds=number(entry, "MaxSigninSessionDuration", place),
        instance_profiles=_untold(entry, "InstanceProfileList", detailed)
        if profiles is None
        else tuple(text(profile, "InstanceProfileName", where) or "" for where, profile in profiles),
        source_template=_source_template(entry, place),
    )


def user(entry: Entry, place: str, *, detailed: bool) -> User:
    return User(
        name=text(entry, "UserName", place) or "",
        arn=text(entry, "Arn", place) or "",
        path=text(entry, "Path", place) or "/",
        id=text(entry, "UserId", place) or "",
        created=time(entry, "CreateDate", place),
        inline=_or(inline(entry, "UserPolicyList", place), _untold(entry, "UserPolicyList", detailed)),
        attached=_or(
            attached(entry, "AttachedManagedPolicies", place), _untold(entry, "AttachedManagedPolicies", detailed)
        ),
        groups=_or(texts(entry, "GroupList", place), _untold(entry, "GroupList", detailed)),
        boundary_arn=boundary(entry, place),
        tags=_or(tags(entry, "Tags", place), None if _untold(entry, "Tags", detailed) is None else {}),
    )


def group(entry: Entry, place: str, *, detailed: bool) -> Group:
    return Group(
        name=text(entry, "GroupName", place) or "",
        arn=text(entry, "Arn", place) or "",
        path=text(entry, "Path", place) or "/",
        id=text(entry, "GroupId", place) or "",
        created=time(entry, "CreateDate", place),
        inline=_or(inline(entry, "GroupPolicyList", place), _untold(entry, "GroupPolicyList", detailed)),
        attached=_or(
            attached(entry, "AttachedManagedPolicies", place), _untold(entry, "AttachedManagedPolicies", detailed)
        ),
    )


def _untold(entry: Entry, key: str, detailed: bool) -> Any:
    """What an absent key means: none where all details were told, otherwise not known."""
    unread = entry.get(UNREAD)
    return () if detailed and not (isinstance(unread, list) and key in unread) else None


def _or(value: Any, otherwise: Any) -> Any:
    return otherwise if value is None else value


def policy_version(entry: Entry, place: str) -> PolicyVersion | None:
    """A version with its document, or None where the entry has no document (ListPolicyVersions)."""
    policy = document(entry.get("Document"), f"{place}.Document")
    if policy is None:
        return None
    return PolicyVersion(
        text(entry, "VersionId", place) or "",
        policy,
        bool(entry.get("IsDefaultVersion")),
        time(entry, "CreateDate", place),
    )


def managed_policy(entry: Entry, place: str) -> ManagedPolicy:
    versions = [policy_version(version, where) for where, version in objects(entry, "PolicyVersionList", place) or []]
    arn = text(entry, "Arn", place) or ""
    return ManagedPolicy(
        name=text(entry, "PolicyName", place) or name_of(arn),
        arn=arn,
        path=text(entry, "Path", place) or "/",
        id=text(entry, "PolicyId", place) or "",
        versions=tuple(version for version in versions if version is not None),
        default_version_id=text(entry, "DefaultVersionId", place),
        attachment_count=number(entry, "AttachmentCount", place),
        boundary_usage_count=number(entry, "PermissionsBoundaryUsageCount", place),
        created=time(entry, "CreateDate", place),
        updated=time(entry, "UpdateDate", place),
        description=text(entry, "Description", place),
        tags=tags(entry, "Tags", place),
        attachable=entry.get("IsAttachable") is not False,
    )


def instance_profile(entry: Entry, place: str) -> InstanceProfile:
    """From the API, whose roles are objects, or from a snapshot, whose roles are names."""
    names = []
    for index, value in enumerate(entries(entry, "Roles", place) or ()):
        name = text(value, "RoleName", f"{place}.Roles[{index}]") if isinstance(value, dict) else value
        if not isinstance(name, str):
            raise ShapeError(f"{place}.Roles[{index}]", "a role's name", value)
        names.append(name)
    return InstanceProfile(
        name=text(entry, "InstanceProfileName", place) or "",
        arn=text(entry, "Arn", place) or "",
        path=text(entry, "Path", place) or "/",
        id=text(entry, "InstanceProfileId", place) or "",
        roles=tuple(names),
        created=time(entry, "CreateDate", place),
        tags=tags(entry, "Tags", place),
    )


def oidc_provider(entry: Entry, place: str) -> OIDCProvider:
    arn = text(entry, "Arn", place) or ""
    url = text(entry, "Url", place) or arn.partition(":oidc-provider/")[2]
    return OIDCProvider(arn, url.removeprefix("https://"), texts(entry, "ClientIDList", place))


def saml_provider(entry: Entry, place: str) -> SAMLProvider:
    arn = text(entry, "Arn", place) or ""
    return SAMLProvider(arn, arn.partition(":saml-provider/")[2], time(entry, "ValidUntil", place))


def organization_policy(entry: Entry, place: str) -> OrganizationPolicy:
    policy = document(entry.get("Document"), f"{place}.Document")
    if policy is None:
        raise ShapeError(f"{place}.Document", "a policy document", None)
    arn = text(entry, "Arn", place) or ""
    return OrganizationPolicy(arn, text(entry, "Name", place) or name_of(arn), policy)


def vpc_endpoint(entry: Entry, place: str) -> VpcEndpoint:
    """From EC2 (VpcEndpointId, VpcEndpointType, PolicyDocument) or from a snapshot (Id, Type, Document)."""
    kind = text(entry, "VpcEndpointType", place) or text(entry, "Type", place)
    stored = entry.get("PolicyDocument", entry.get("Document"))
    return VpcEndpoint(
        text(entry, "VpcEndpointId", place) or text(entry, "Id", place) or "",
        text(entry, "ServiceName", place) or "",
        document(stored, f"{place}.Document"),
        EndpointType(kind) if kind in tuple(EndpointType) else None,
    )


def instance(entry: Entry, place: str, region: str | None = None) -> Instance:
    """From EC2 (IamInstanceProfile, MetadataOptions) or from a snapshot (InstanceProfileArn)."""
    profile = entry.get("IamInstanceProfile")
    association: Entry = profile if isinstance(profile, dict) else {}
    state, options = entry.get("State"), entry.get("MetadataOptions")
    return Instance(
        id=text(entry, "InstanceId", place) or "",
        instance_profile_arn=text(association, "Arn", place) or text(entry, "InstanceProfileArn", place),
        instance_profile_id=text(association, "Id", place) or text(entry, "InstanceProfileId", place),
        state=text(state, "Name", place) if isinstance(state, dict) else text(entry, "State", place),
        region=region or text(entry, "Region", place),
        hop_limit=number(options, "HttpPutResponseHopLimit", place)
        if isinstance(options, dict)
        else number(entry, "HttpPutResponseHopLimit", place),
    )
