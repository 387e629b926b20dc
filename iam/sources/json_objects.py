"""How IAM's entities are represented as JSON, in AWS's responses and in saved files: one row for each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from sys import intern
from typing import Any

from iam.account import (
    AttachedPolicy,
    Group,
    InlinePolicy,
    InstanceProfile,
    LastUsed,
    ManagedPolicy,
    OIDCProvider,
    PolicyVersion,
    Role,
    SAMLProvider,
    User,
)
from iam.arn import name_of
from iam.sources.json_values import (
    DOCUMENT,
    FLAG,
    KNOWN_TEXT,
    NUMBER,
    TEXT,
    TEXTS,
    TIME,
    Entry,
    JsonKind,
    JsonObject,
    MalformedJson,
    inside,
    list_of,
    object_of,
    objects_of,
)
from iam.sources.json_values import JsonRow as Row

# For a value that has no key: it is derived from the others, and not written.
_DERIVED = JsonKind("nothing", lambda value: value, lambda value: None)


def from_arn(make: Callable[[str], str]) -> Callable[[Mapping[str, Any]], str]:
    return lambda values: make(values["arn"])


def _names(key: str, *, as_objects: bool) -> JsonKind:
    """Return the kind for a list of entity names.

    The API has each name in an object under ``key``; with ``as_objects``, so does the file.
    """

    def read(value: Any) -> str:
        name = value.get(key, "") if isinstance(value, dict) else value
        if not isinstance(name, str):
            raise MalformedJson("a name", value)
        return name

    def fits(value: Any) -> bool:
        return type(value) is str or (type(value) is dict and type(value.get(key)) is str)

    return list_of(JsonKind("a name", read, (lambda name: {key: name}) if as_objects else str, fits))


def _boundary(value: Any) -> str | None:
    if not isinstance(value, dict):
        raise MalformedJson("an object", value)
    arn = value.get("PermissionsBoundaryArn")
    return None if arn is None else str(inside(TEXT, ".PermissionsBoundaryArn", arn))


def _is_boundary(value: Any) -> bool:
    return type(value) is dict and type(value.get("PermissionsBoundaryArn")) is str


def _tags(pairs: Any) -> dict[str, str]:
    # Thousands of roles have the same tags, so each string is stored once.
    return {intern(pair["key"]): intern(pair["value"]) for pair in _TAG_PAIRS.read(pairs)}


_TAG_PAIRS = objects_of(JsonObject(dict, Row("Key", "key", TEXT, missing=""), Row("Value", "value", TEXT, missing="")))
TAGS = JsonKind(
    "a list", _tags, lambda tags: [{"Key": key, "Value": value} for key, value in tags.items()], _TAG_PAIRS.fits
)


# IAM's entities.

INLINE = JsonObject(
    InlinePolicy,
    Row("PolicyName", "name", TEXT, missing=""),
    Row("PolicyDocument", "document", DOCUMENT, required=True),
)
ATTACHED = JsonObject(
    lru_cache(maxsize=4096)(AttachedPolicy),  # thousands of roles have the same policies attached
    Row("PolicyName", "name", TEXT, missing=from_arn(name_of)),
    Row("PolicyArn", "arn", TEXT, missing=""),
)
LAST_USED = JsonObject(LastUsed, Row("LastUsedDate", "when", TIME), Row("Region", "region", TEXT))

_PATH = Row("Path", "path", TEXT, missing="/")
ARN = Row("Arn", "arn", TEXT, missing="")
CREATED = Row("CreateDate", "created", TIME)
_ATTACHED = Row("AttachedManagedPolicies", "attached", objects_of(ATTACHED), empty=())
_BOUNDARY = Row(
    "PermissionsBoundary",
    "boundary_arn",
    JsonKind(
        "an object",
        _boundary,
        lambda arn: {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn},
        _is_boundary,
    ),
)
_TAGS = Row("Tags", "tags", TAGS, empty={})

ROLE = JsonObject(
    Role,
    _PATH,
    Row("RoleName", "name", TEXT, missing=""),
    Row("RoleId", "id", TEXT),
    ARN,
    CREATED,
    Row("AssumeRolePolicyDocument", "trust", DOCUMENT),
    Row("InstanceProfileList", "instance_profiles", _names("InstanceProfileName", as_objects=True), empty=()),
    Row("RolePolicyList", "inline", objects_of(INLINE), empty=(), always=True),
    _ATTACHED,
    _BOUNDARY,
    _TAGS,
    Row("RoleLastUsed", "last_used", object_of(LAST_USED)),
)
# Fields that GetAccountAuthorizationDetails omits and ListRoles returns.
ROLE_SETTINGS = JsonObject(
    Role,
    Row("Description", "description", TEXT),
    Row("MaxSessionDuration", "max_session_seconds", NUMBER),
    Row("MaxSigninSessionDuration", "max_signin_session_seconds", NUMBER),
    Row("SourceRoleTemplate", "source_template", TEXT, api_key="SourceRoleTemplate.TemplateArn"),
)
USER = JsonObject(
    User,
    _PATH,
    Row("UserName", "name", TEXT, missing=""),
    Row("UserId", "id", TEXT),
    ARN,
    CREATED,
    Row("UserPolicyList", "inline", objects_of(INLINE), empty=()),
    Row("GroupList", "groups", TEXTS, empty=()),
    _ATTACHED,
    _BOUNDARY,
    _TAGS,
)
GROUP = JsonObject(
    Group,
    _PATH,
    Row("GroupName", "name", TEXT, missing=""),
    Row("GroupId", "id", TEXT),
    ARN,
    CREATED,
    Row("GroupPolicyList", "inline", objects_of(INLINE), empty=(), always=True),
    _ATTACHED,
)
POLICY_VERSION = JsonObject(
    PolicyVersion,
    Row("VersionId", "id", TEXT, missing=""),
    Row("IsDefaultVersion", "is_default", FLAG, missing=False),
    CREATED,
    Row("Document", "document", DOCUMENT, required=True),
)


def _versions(value: Any) -> tuple[PolicyVersion, ...]:
    """Return the policy versions that include a document. Versions from ListPolicyVersions never include one."""
    read = list_of(
        JsonKind(
            "an object",
            lambda entry: (
                None if isinstance(entry, dict) and entry.get("Document") is None else POLICY_VERSION.read(entry)
            ),
        )
    ).read
    return tuple(version for version in read(value) if version is not None)


MANAGED_POLICY = JsonObject(
    ManagedPolicy,
    Row("PolicyName", "name", TEXT, missing=from_arn(name_of)),
    Row("PolicyId", "id", TEXT),
    ARN,
    _PATH,
    Row("DefaultVersionId", "default_version_id", TEXT),
    Row("AttachmentCount", "attachment_count", NUMBER),
    Row("PermissionsBoundaryUsageCount", "boundary_usage_count", NUMBER),
    Row("IsAttachable", "attachable", FLAG),
    Row("Description", "description", TEXT),
    CREATED,
    Row("UpdateDate", "updated", TIME),
    Row("Tags", "tags", TAGS),
    Row("PolicyVersionList", "versions", JsonKind("a list", _versions, objects_of(POLICY_VERSION).write)),
)
INSTANCE_PROFILE = JsonObject(
    InstanceProfile,
    Row("InstanceProfileName", "name", TEXT, missing=""),
    ARN,
    _PATH,
    Row("InstanceProfileId", "id", KNOWN_TEXT),
    Row("Roles", "roles", _names("RoleName", as_objects=False)),
    CREATED,
    Row("Tags", "tags", TAGS),
)
OIDC_PROVIDER = JsonObject(
    OIDCProvider,
    ARN,
    Row(
        "Url",
        "url",
        JsonKind("a text", lambda value: TEXT.read(value).removeprefix("https://")),
        missing=from_arn(lambda arn: arn.partition(":oidc-provider/")[2]),
    ),
    Row("ClientIDList", "client_ids", TEXTS),
)
SAML_PROVIDER = JsonObject(
    SAMLProvider,
    ARN,
    Row("", "name", _DERIVED, missing=from_arn(lambda arn: arn.partition(":saml-provider/")[2])),
    Row("ValidUntil", "valid_until", TIME),
)
_ANY_ROLE = JsonObject(Role, *ROLE.rows, *ROLE_SETTINGS.rows)


def read_role(entry: Entry, *, detailed: bool = False) -> Role:
    """Parse a role from GetAccountAuthorizationDetails (``detailed``), or from ListRoles or GetRole.

    ListRoles returns no tags, boundary or last use: there, a missing value means unknown. Raises `MalformedJson`.
    """
    return _ANY_ROLE.read(entry, detailed=detailed)


def is_role(entry: Any) -> bool:
    """Whether `read_role` is certain to succeed. This check takes a tenth of the time."""
    return _ANY_ROLE.fits(entry)
