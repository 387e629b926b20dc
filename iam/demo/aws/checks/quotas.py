"""Enforce IAM's quotas, which moto returns in GetAccountSummary but does not enforce.

White space does not count toward sizes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from moto.iam.models import IAMBackend

from iam.demo.aws.server import Handler
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World
from iam.facts import quotas as facts

# Defaults from the IAM User Guide, "IAM and AWS STS quotas", for quotas for which moto has older values.
MANAGED_PER_ROLE = facts.POLICIES_OF_ROLE.usual
TAGS = facts.TAGS_OF_ENTITY.usual


def set_defaults(backend: IAMBackend) -> None:
    backend.account_summary._attached_policies_per_role_quota = MANAGED_PER_ROLE


def quotas(world: World, call: DemoCall) -> None:
    """Raise LimitExceeded, with AWS's wording, if the call would exceed a quota."""
    backend, operation = world.iam, call.operation
    limits: Mapping[str, int] = backend.account_summary.summary_map
    if operation in _COUNTED:
        used, quota, name = _COUNTED[operation]
        if limits[used] >= limits[quota]:
            raise _exceeded(name, limits[quota])
    if operation == "CreateOpenIDConnectProvider" and len(backend.open_id_providers) >= 100:
        raise _exceeded("OpenIdConnectProvidersPerAccount", 100)
    if operation == "CreateSAMLProvider" and len(backend.saml_providers) >= 100:
        raise _exceeded("SAMLProvidersPerAccount", 100)
    if operation == "TagRole":
        held = {tag["Key"].lower() for tag in backend.get_role(call.get("RoleName")).tags or ()}
        if len(held | {str(tag["Key"]).lower() for tag in call.get("Tags") or ()}) > TAGS:
            raise _exceeded("TagsPerRole", TAGS)
    _attachments(backend, call, limits)
    _sizes(backend, call, limits)


_COUNTED = {
    "CreateRole": ("Roles", "RolesQuota", "RolesPerAccount"),
    "CreateUser": ("Users", "UsersQuota", "UsersPerAccount"),
    "CreateGroup": ("Groups", "GroupsQuota", "GroupsPerAccount"),
    "CreatePolicy": ("Policies", "PoliciesQuota", "PoliciesPerAccount"),
    "CreateInstanceProfile": ("InstanceProfiles", "InstanceProfilesQuota", "InstanceProfilesPerAccount"),
}


def _attachments(backend: IAMBackend, call: DemoCall, limits: Mapping[str, int]) -> None:
    arn = call.get("PolicyArn")
    if call.operation == "AttachRolePolicy":
        held, quota, name = backend.get_role(call.get("RoleName")).managed_policies, "Role", "PoliciesPerRole"
    elif call.operation == "AttachUserPolicy":
        held, quota, name = backend.users[call.get("UserName")].managed_policies, "User", "PoliciesPerUser"
    elif call.operation == "AttachGroupPolicy":
        held, quota, name = backend.groups[call.get("GroupName")].managed_policies, "Group", "PoliciesPerGroup"
    else:
        return
    limit = limits[f"AttachedPoliciesPer{quota}Quota"]
    if arn not in held and len(held) >= limit:
        raise _exceeded(name, limit)


def _sizes(backend: IAMBackend, call: DemoCall, limits: Mapping[str, int]) -> None:
    text = call.get("PolicyDocument") or ""
    if call.operation in ("CreatePolicy", "CreatePolicyVersion") and size(text) > limits["PolicySizeQuota"]:
        raise _exceeded("PolicySize", limits["PolicySizeQuota"])
    trust = call.get("AssumeRolePolicyDocument") if call.operation == "CreateRole" else None
    if call.operation == "UpdateAssumeRolePolicy":
        trust = text
    if trust and size(trust) > limits["AssumeRolePolicySizeQuota"]:
        raise _exceeded("ACLSizePerRole", limits["AssumeRolePolicySizeQuota"])
    if call.operation == "PutRolePolicy":
        role = backend.get_role(call.get("RoleName"))
        _inline(role.policies, call, limits["RolePolicySizeQuota"], f"role {role.name}")
    elif call.operation == "PutUserPolicy":
        user = backend.users[call.get("UserName")]
        _inline(user.policies, call, limits["UserPolicySizeQuota"], f"user {user.name}")
    elif call.operation == "PutGroupPolicy":
        group = backend.groups[call.get("GroupName")]
        _inline(group.policies, call, limits["GroupPolicySizeQuota"], f"group {group.name}")


def _inline(policies: Mapping[str, str], call: DemoCall, limit: int, whose: str) -> None:
    """Check the quota that all inline policies of an entity share."""
    after: Iterable[str] = {**policies, call.get("PolicyName"): call.get("PolicyDocument") or ""}.values()
    if sum(size(text) for text in after) > limit:
        raise AwsError("LimitExceeded", f"Maximum policy size of {limit} bytes exceeded for {whose}")


# Quotas that Service Quotas can raise, by code: the name, and the key in GetAccountSummary.
_CODES = {
    facts.POLICIES_OF_ROLE.code: ("Managed policies attached to an IAM role", facts.POLICIES_OF_ROLE.limit),
    facts.INSTANCE_PROFILES.code: ("Instance profiles per account", facts.INSTANCE_PROFILES.limit),
    facts.OIDC_PROVIDERS.code: ("OpenId connect providers per account", facts.OIDC_PROVIDERS.limit),
    facts.TRUST_SIZE.code: ("Role trust policy length", facts.TRUST_SIZE.limit),
    facts.CUSTOMER_POLICIES.code: ("Customer managed policies per account", facts.CUSTOMER_POLICIES.limit),
    facts.ROLES.code: ("Roles per account", facts.ROLES.limit),
}


def _get_quota(world: World, call: DemoCall) -> Mapping[str, Any]:
    code = call.get("QuotaCode")
    if call.get("ServiceCode") != "iam" or code not in _CODES:
        raise AwsError("NoSuchResourceException", "The request failed because the specified quota does not exist.")
    return {"Quota": _quota(world, code)}


def _list_quotas(world: World, call: DemoCall) -> Mapping[str, Any]:
    return {"Quotas": [_quota(world, code) for code in _CODES] if call.get("ServiceCode") == "iam" else []}


def _quota(world: World, code: str) -> Mapping[str, Any]:
    name, counted = _CODES[code]
    return {
        "ServiceCode": "iam",
        "ServiceName": "AWS Identity and Access Management (IAM)",
        "QuotaArn": f"arn:aws:servicequotas:us-east-1:{world.account}:iam/{code}",
        "QuotaCode": code,
        "QuotaName": name,
        "Value": float(world.iam.account_summary.summary_map[counted] if counted else 100),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": True,
    }


def size(text: str) -> int:
    return sum(1 for character in text if not character.isspace())


def _exceeded(name: str, limit: int) -> AwsError:
    return AwsError("LimitExceeded", f"Cannot exceed quota for {name}: {limit}")


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("service-quotas", "GetServiceQuota"): _get_quota,
    ("service-quotas", "ListServiceQuotas"): _list_quotas,
}
