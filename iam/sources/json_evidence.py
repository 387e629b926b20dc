"""How everything apart from IAM's own entities is represented as JSON, in AWS's responses and in saved files."""

from __future__ import annotations

from typing import Any

from iam.access_analyzer import Analyzer, AnalyzerFinding, AnalyzerReport
from iam.account import Unreadable
from iam.arn import name_of
from iam.event import Event
from iam.organization.levels import Organization, OrganizationLevel, OrganizationPolicy
from iam.other_services import (
    AccessPoint,
    ActionLastAccessed,
    Instance,
    ServiceLastAccessed,
    StackResource,
    VpcEndpoint,
)
from iam.policy.request import EndpointType
from iam.sources.json_objects import ARN, CREATED, from_arn
from iam.sources.json_values import (
    DOCUMENT,
    FLAG,
    NUMBER,
    TEXT,
    TEXTS,
    TIME,
    JsonKind,
    JsonObject,
    UnknownWord,
    objects_of,
)
from iam.sources.json_values import JsonRow as Row
from iam.sources.reader.entities import AccessKey, LoginProfile, MfaDevice, PasswordPolicy
from iam.sources.reader.resources import Binding, PublicAccessBlock, Workload, WorkloadRegions


def _active(status: Any) -> bool:
    if status not in ("Active", "Inactive", "Expired"):
        raise UnknownWord("the status", status)
    return bool(status == "Active")


STATUS = JsonKind("a text", _active, lambda active: "Active" if active else "Inactive")
"""The kind for the status of a credential such as an access key. It is read as whether the credential is active."""

LOGIN_PROFILE = JsonObject(
    LoginProfile,
    Row("UserName", "user", TEXT, missing=""),
    CREATED,
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
    # Four characters distinguish a user's two keys, so a file contains only the last four.
    Row("AccessKeyId", "id", JsonKind("a text", TEXT.read, lambda key: f"…{key[-4:]}"), missing=""),
    Row("UserName", "user", TEXT, missing=""),
    Row("Status", "active", STATUS, missing=False),
    CREATED,
)

# The organization.

ORGANIZATION_POLICY = JsonObject(
    OrganizationPolicy,
    ARN,
    Row("Name", "name", TEXT, missing=from_arn(name_of)),
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
