"""The parts of a snapshot apart from IAM's own entities: a row for each, of the account and of the contents."""

from __future__ import annotations

from iam.account import Account
from iam.sources.json_evidence import (
    ACCESS_KEY,
    ACCESS_POINT,
    ANALYZER_REPORT,
    BINDING,
    EVENT,
    INSTANCE,
    LOGIN_PROFILE,
    MFA_DEVICE,
    ORGANIZATION,
    PASSWORD_POLICY,
    PUBLIC_ACCESS_BLOCK,
    SERVICE_LAST_ACCESSED,
    STACK_RESOURCE,
    UNREADABLE,
    VPC_ENDPOINT,
    WORKLOAD,
    WORKLOAD_REGIONS,
)
from iam.sources.json_values import DOCUMENT, TEXT, JsonObject, by_key, object_of, objects_of, unless_empty
from iam.sources.json_values import JsonRow as Row
from iam.sources.snapshot.contents import Contents

OF_ACCOUNT = JsonObject(
    Account,
    Row("Organization", "organization", object_of(ORGANIZATION)),
    Row("Unreadable", "unreadable", unless_empty(objects_of(UNREADABLE))),
)
OF_CONTENTS = JsonObject(
    Contents,
    Row("ResourcePolicies", "resource_policies", by_key(DOCUMENT)),
    Row("PublicAccessBlocks", "public_access_blocks", by_key(object_of(PUBLIC_ACCESS_BLOCK))),
    Row("AccessPoints", "access_points", objects_of(ACCESS_POINT)),
    Row("VpcEndpoints", "vpc_endpoints", objects_of(VPC_ENDPOINT)),
    Row("Instances", "instances", objects_of(INSTANCE)),
    Row("LastAccessed", "last_accessed", by_key(objects_of(SERVICE_LAST_ACCESSED))),
    Row("Events", "events", objects_of(EVENT)),
    Row("StackResources", "stack_resources", objects_of(STACK_RESOURCE)),
    Row("Bindings", "bindings", objects_of(BINDING)),
    Row("Workloads", "workloads", by_key(objects_of(WORKLOAD))),
    Row("WorkloadGaps", "workload_gaps", unless_empty(by_key(TEXT))),
    Row("WorkloadRegions", "workload_regions", object_of(WORKLOAD_REGIONS)),
    Row("LoginProfiles", "login_profiles", objects_of(LOGIN_PROFILE)),
    Row("PasswordPolicy", "password_policy", object_of(PASSWORD_POLICY)),
    Row("MFADevices", "mfa_devices", objects_of(MFA_DEVICE)),
    Row("AccessKeys", "access_keys", objects_of(ACCESS_KEY)),
    Row("AccessAnalyzer", "access_analyzer", object_of(ANALYZER_REPORT)),
    Row("Deletions", "deletions", unless_empty(by_key(TEXT))),
)
