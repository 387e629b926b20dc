"""How an account's entities are represented as JSON, in AWS's responses and in saved files: one row for each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from sys import intern
from typing import Any

from iam.access_analyzer import Analyzer, AnalyzerFinding, AnalyzerReport
from iam.account import (
    AccessPoint,
    ActionLastAccessed,
    AttachedPolicy,
    Event,
    Group,
    InlinePolicy,
    Instance,
    InstanceProfile,
    LastUsed,
    ManagedPolicy,
    OIDCProvider,
    Organization,
    OrganizationLevel,
    OrganizationPolicy,
    PolicyVersion,
    Role,
    SAMLProvider,
    ServiceLastAccessed,
    StackResource,
    Unreadable,
    User,
    VpcEndpoint,
)
from iam.arn import name_of
from iam.policy.request import EndpointType
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
    UnknownWord,
    inside,
    list_of,
    object_of,
    objects_of,
)
from iam.sources.json_values import JsonRow as Row
from iam.sources.reader import (
    AccessKey,
    Binding,
    LoginProfile,
    MfaDevice,
    PasswordPolicy,
    PublicAccessBlock,
    Workload,
    WorkloadRegions,
)

# What no key has: it is made of the others, and not written.
_DERIVED = JsonKind("nothing", lambda value: value, lambda value: None)


def _from_arn(make: Callable[[str], str]) -> Callable[[Mapping[str, Any]], str]:
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
    # Thousands of roles have the same tags: each text is kept once.
    return {intern(pair["key"]): intern(pair["value"]) for pair in _TAG_PAIRS.read(pairs)}


_TAG_PAIRS = objects_of(JsonObject(dict, Row("Key", "key", TEXT, missing=""), Row("Value", "value", TEXT, missing="")))
TAGS = JsonKind(
    "a list", _tags, lambda tags: [{"Key": key, "Value": value} for key, value in tags.items()], _TAG_PAIRS.fits
)


def _active(status: Any) -> bool:
    if status not in ("Active", "Inactive", "Expired"):
        raise UnknownWord("the status", status)
    return bool(status == "Active")


STATUS = JsonKind("a text", _active, lambda active: "Active" if active else "Inactive")
"""The kind for the status of a credential such as an access key. It is read as whether the credential is active."""

# IAM's entities.

INLINE = JsonObject(
    InlinePolicy,
    Row("PolicyName", "name", TEXT, missing=""),
    Row("PolicyDocument", "document", DOCUMENT, required=True),
)
ATTACHED = JsonObject(
    lru_cache(maxsize=4096)(AttachedPolicy),  # thousands of roles have the same policies attached
    Row("PolicyName", "name", TEXT, missing=_from_arn(name_of)),
    Row("PolicyArn", "arn", TEXT, missing=""),
)
LAST_USED = JsonObject(LastUsed, Row("LastUsedDate", "when", TIME), Row("Region", "region", TEXT))

_PATH = Row("Path", "path", TEXT, missing="/")
_ARN = Row("Arn", "arn", TEXT, missing="")
_CREATED = Row("CreateDate", "created", TIME)
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
    _ARN,
    _CREATED,
    Row("AssumeRolePolicyDocument", "trust", DOCUMENT),
    Row("InstanceProfileList", "instance_profiles", _names("InstanceProfileName", as_objects=True), empty=()),
    Row("RolePolicyList", "inline", objects_of(INLINE), empty=(), always=True),
    _ATTACHED,
    _BOUNDARY,
    _TAGS,
    Row("RoleLastUsed", "last_used", object_of(LAST_USED)),
)
# What GetAccountAuthorizationDetails leaves out, and ListRoles has.
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
    _ARN,
    _CREATED,
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
    _ARN,
    _CREATED,
    Row("GroupPolicyList", "inline", objects_of(INLINE), empty=(), always=True),
    _ATTACHED,
)
POLICY_VERSION = JsonObject(
    PolicyVersion,
    Row("VersionId", "id", TEXT, missing=""),
    Row("IsDefaultVersion", "is_default", FLAG, missing=False),
    _CREATED,
    Row("Document", "document", DOCUMENT, required=True),
)


def _versions(value: Any) -> tuple[PolicyVersion, ...]:
    """Return the policy versions that include a document. Versions from ListPolicyVersions never do."""
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
    Row("PolicyName", "name", TEXT, missing=_from_arn(name_of)),
    Row("PolicyId", "id", TEXT),
    _ARN,
    _PATH,
    Row("DefaultVersionId", "default_version_id", TEXT),
    Row("AttachmentCount", "attachment_count", NUMBER),
    Row("PermissionsBoundaryUsageCount", "boundary_usage_count", NUMBER),
    Row("IsAttachable", "attachable", FLAG),
    Row("Description", "description", TEXT),
    _CREATED,
    Row("UpdateDate", "updated", TIME),
    Row("Tags", "tags", TAGS),
    Row("PolicyVersionList", "versions", JsonKind("a list", _versions, objects_of(POLICY_VERSION).write)),
)
INSTANCE_PROFILE = JsonObject(
    InstanceProfile,
    Row("InstanceProfileName", "name", TEXT, missing=""),
    _ARN,
    _PATH,
    Row("InstanceProfileId", "id", KNOWN_TEXT),
    Row("Roles", "roles", _names("RoleName", as_objects=False)),
    _CREATED,
    Row("Tags", "tags", TAGS),
)
OIDC_PROVIDER = JsonObject(
    OIDCProvider,
    _ARN,
    Row(
        "Url",
        "url",
        JsonKind("a text", lambda value: TEXT.read(value).removeprefix("https://")),
        missing=_from_arn(lambda arn: arn.partition(":oidc-provider/")[2]),
    ),
    Row("ClientIDList", "client_ids", TEXTS),
)
SAML_PROVIDER = JsonObject(
    SAMLProvider,
    _ARN,
    Row("", "name", _DERIVED, missing=_from_arn(lambda arn: arn.partition(":saml-provider/")[2])),
    Row("ValidUntil", "valid_until", TIME),
)
LOGIN_PROFILE = JsonObject(
    LoginProfile,
    Row("UserName", "user", TEXT, missing=""),
    _CREATED,
    Row("PasswordResetRequired", "reset_required", FLAG),
)
PASSWORD_POLICY = JsonObject(
    PasswordPolicy,
    Row("MinimumPasswordLength", "length", NUMBER, missing=6),
    Row("PasswordReusePrevention", "remembered", NUMBER, missing=0),
    Row("Default", "default", FLAG, missing=False),
)
MFA_DEVICE = JsonObject(
    MfaDevice,
    Row("SerialNumber", "serial", TEXT, missing=""),
    Row("UserName", "user", TEXT, api_key="User.UserName"),
    Row("EnableDate", "enabled", TIME),
)
ACCESS_KEY = JsonObject(
    AccessKey,
    # The last four characters tell two keys of a user apart; a file has no more of them.
    Row("AccessKeyId", "id", JsonKind("a text", TEXT.read, lambda key: f"…{key[-4:]}"), missing=""),
    Row("UserName", "user", TEXT, missing=""),
    Row("Status", "active", STATUS, missing=False),
    _CREATED,
)

# The organization.

ORGANIZATION_POLICY = JsonObject(
    OrganizationPolicy,
    _ARN,
    Row("Name", "name", TEXT, missing=_from_arn(name_of)),
    Row("Document", "document", DOCUMENT, required=True),
)
ORGANIZATION_LEVEL = JsonObject(
    OrganizationLevel,
    Row("Target", "target", TEXT, missing=""),
    Row("Policies", "policies", objects_of(ORGANIZATION_POLICY), missing=()),
)
ORGANIZATION = JsonObject(
    Organization,
    Row("Id", "id", TEXT, missing=""),
    Row("ManagementAccountId", "management_account_id", TEXT),
    Row("Path", "path", TEXTS),
    Row("ServiceControlPolicies", "scps", objects_of(ORGANIZATION_LEVEL)),
    Row("ResourceControlPolicies", "rcps", objects_of(ORGANIZATION_LEVEL)),
)

# Other services' resources.

ACCESS_POINT = JsonObject(
    AccessPoint,
    Row("Arn", "arn", TEXT, api_key="AccessPointArn", missing=""),
    Row("Bucket", "bucket", TEXT, missing=""),
    Row("BucketAccountId", "bucket_account", TEXT),
    Row("NetworkOrigin", "network_origin", TEXT),
)
VPC_ENDPOINT = JsonObject(
    VpcEndpoint,
    Row("Id", "id", TEXT, api_key="VpcEndpointId", missing=""),
    Row(
        "Type",
        "type",
        JsonKind("a text", lambda value: EndpointType(value) if value in tuple(EndpointType) else None),
        api_key="VpcEndpointType",
    ),
    Row("ServiceName", "service_name", TEXT, missing=""),
    Row("Document", "document", DOCUMENT, api_key="PolicyDocument"),
)
INSTANCE = JsonObject(
    Instance,
    Row("InstanceId", "id", TEXT, missing=""),
    Row("InstanceProfileArn", "instance_profile_arn", TEXT, api_key="IamInstanceProfile.Arn", null=True),
    Row("InstanceProfileId", "instance_profile_id", TEXT, api_key="IamInstanceProfile.Id"),
    Row("State", "state", TEXT, api_key="State.Name"),
    Row("Region", "region", TEXT),
    Row("HttpPutResponseHopLimit", "hop_limit", NUMBER, api_key="MetadataOptions.HttpPutResponseHopLimit"),
)
PUBLIC_ACCESS_BLOCK = JsonObject(
    PublicAccessBlock,
    Row("BlockPublicAcls", "block_public_acls", FLAG, missing=False),
    Row("IgnorePublicAcls", "ignore_public_acls", FLAG, missing=False),
    Row("BlockPublicPolicy", "block_public_policy", FLAG, missing=False),
    Row("RestrictPublicBuckets", "restrict_public_buckets", FLAG, missing=False),
)
BINDING = JsonObject(
    Binding,
    Row("Service", "service", TEXT, missing=""),
    Row("Name", "name", TEXT, missing=""),
    Row("Use", "use", TEXT, missing=""),
    Row("RoleArn", "role_arn", TEXT, missing=""),
    Row("Region", "region", TEXT, missing=""),
)
WORKLOAD = JsonObject(
    Workload,
    Row("Kind", "kind", TEXT, missing=""),
    Row("Arn", "arn", TEXT, missing=""),
    Row("Region", "region", TEXT, missing=""),
    Row("Roles", "roles", TEXTS, missing=()),
    Row("Traits", "traits", TEXTS, missing=()),
)
WORKLOAD_REGIONS = JsonObject(
    WorkloadRegions,
    Row("Read", "read", TEXTS, missing=()),
    Row("NotRead", "not_read", TEXTS, missing=()),
)

# What happened.

EVENT = JsonObject(
    Event,
    Row("EventName", "name", TEXT, missing=""),
    Row("EventTime", "time", TIME, required=True),
    Row("Username", "username", TEXT),
    Row("Resources", "resources", TEXTS),
    Row("UserAgent", "user_agent", TEXT),
    Row("CloudTrailEvent", "detail", TEXT),
)
STACK_RESOURCE = JsonObject(
    StackResource,
    Row("StackName", "stack_name", TEXT, missing=""),
    Row("StackStatus", "stack_status", TEXT, missing=""),
    Row("ResourceType", "resource_type", TEXT, missing=""),
    Row("PhysicalResourceId", "physical_id", TEXT, missing=""),
    Row("StackId", "stack_id", TEXT),
    Row("Region", "region", TEXT),
)
ACTION_LAST_ACCESSED = JsonObject(
    ActionLastAccessed,
    Row("ActionName", "name", TEXT, missing=""),
    Row("LastAccessedTime", "last_accessed", TIME),
)
SERVICE_LAST_ACCESSED = JsonObject(
    ServiceLastAccessed,
    Row("ServiceNamespace", "namespace", TEXT, missing=""),
    Row("LastAuthenticated", "last_authenticated", TIME, null=True),
    Row("TrackedActionsLastAccessed", "actions", objects_of(ACTION_LAST_ACCESSED)),
)
ANALYZER = JsonObject(
    Analyzer,
    Row("Arn", "arn", TEXT, missing=""),
    Row("Type", "type", TEXT, missing=""),
    Row("UnusedDays", "unused_days", NUMBER),
)
ANALYZER_FINDING = JsonObject(
    AnalyzerFinding,
    Row("Id", "id", TEXT, missing=""),
    Row("Kind", "kind", TEXT, missing=""),
    Row("Resource", "resource", TEXT, missing=""),
    Row("ResourceType", "resource_type", TEXT),
    Row("Analyzer", "analyzer", TEXT, missing=""),
    Row("Principals", "principals", TEXTS),
    Row("What", "what", TEXTS),
    Row("Public", "public", FLAG),
    Row("LastAccessed", "last_accessed", TIME),
    Row("Detailed", "detailed", FLAG),
)
ANALYZER_REPORT = JsonObject(
    AnalyzerReport,
    Row("Analyzers", "analyzers", objects_of(ANALYZER), missing=()),
    Row("Findings", "findings", objects_of(ANALYZER_FINDING), missing=()),
)
_WHEN_SAVED = " (when the snapshot was saved)"
UNREADABLE = JsonObject(
    Unreadable,
    Row("Call", "call", TEXT, missing=""),
    Row(
        "Why",
        "why",
        JsonKind(
            "a text", lambda value: f"{TEXT.read(value)}{_WHEN_SAVED}", lambda why: str(why).removesuffix(_WHEN_SAVED)
        ),
        missing="",
    ),
    Row("Costs", "costs", TEXT, missing=""),
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
