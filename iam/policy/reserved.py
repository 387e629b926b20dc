"""Requests that AWS allows or denies regardless of policies, and requests to which RCPs do not apply."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex
from iam.policy.principal import Kind, RequestCaller
from iam.service_reference import rcp_services

_CHANGES_OF_ROLES = frozenset(
    {
        "iam:attachrolepolicy",
        "iam:createrole",
        "iam:deleterole",
        "iam:deleterolepermissionsboundary",
        "iam:deleterolepolicy",
        "iam:detachrolepolicy",
        "iam:putrolepermissionsboundary",
        "iam:putrolepolicy",
        "iam:updateassumerolepolicy",
    }
)
# The description and tags of a service-linked role can be changed by anyone with the permission.
_CHANGES_OF_RESERVED_ROLES = _CHANGES_OF_ROLES | {
    "iam:tagrole",
    "iam:untagrole",
    "iam:updaterole",
    "iam:updateroledescription",
}
_CHANGES_OF_POLICIES = frozenset(
    {
        "iam:createpolicy",
        "iam:createpolicyversion",
        "iam:deletepolicy",
        "iam:deletepolicyversion",
        "iam:setdefaultpolicyversion",
        "iam:tagpolicy",
        "iam:untagpolicy",
    }
)
_CHANGES_OF_ALIASES = frozenset({"kms:createalias", "kms:deletealias", "kms:updatealias"})

# A pattern of ARNs, the actions (in lower case) that change such a resource, and a sentence with AWS's page.
_KEPT: tuple[tuple[re.Pattern[str], frozenset[str], str], ...] = (
    (
        # IAM Identity Center User Guide, "Permission sets".
        regex(r"arn:[^:]*:iam::[^:]*:role/aws-reserved/"),
        _CHANGES_OF_RESERVED_ROLES,
        "Only AWS can change roles under /aws-reserved/, whatever the policies allow.",
    ),
    (
        # IAM User Guide, "Create a service-linked role".
        regex(r"arn:[^:]*:iam::[^:]*:role/aws-service-role/"),
        _CHANGES_OF_ROLES,
        "The trust policy and permissions of a service-linked role can be changed only by its service, whatever the "
        "policies allow.",
    ),
    (
        # IAM User Guide, "Managed policies and inline policies": "You cannot change the permissions defined in AWS
        # managed policies."
        regex(r"arn:[^:]*:iam::aws:policy/"),
        _CHANGES_OF_POLICIES,
        "Only AWS can change AWS managed policies, whatever the policies allow.",
    ),
    (
        # KMS API Reference, "CreateAlias": "The alias/aws/ prefix is reserved for AWS managed keys."
        regex(r"arn:[^:]*:kms:[^:]*:[^:]*:alias/aws/"),
        _CHANGES_OF_ALIASES,
        "Aliases under alias/aws/ are reserved for AWS, whatever the policies allow.",
    ),
)
# IAM User Guide, "Compare AWS STS credentials": who can call what.
_LONG_TERM = "Only users and the account's root user can call {}, whatever the policies allow."
_NO_CALLERS: dict[str, tuple[frozenset[Kind], str]] = {
    "sts:assumerole": (
        frozenset({Kind.ROOT, Kind.FEDERATED_USER}),
        "Neither the account's root user nor a federated user can call sts:AssumeRole, whatever the policies allow.",
    ),
    "sts:getsessiontoken": (
        frozenset({Kind.ROLE, Kind.SESSION, Kind.FEDERATED_USER}),
        _LONG_TERM.format("sts:GetSessionToken"),
    ),
    "sts:getfederationtoken": (
        frozenset({Kind.ROLE, Kind.SESSION, Kind.FEDERATED_USER}),
        _LONG_TERM.format("sts:GetFederationToken"),
    ),
}


_FREE: dict[str, tuple[frozenset[Kind] | None, str, str]] = {
    "sts:getcalleridentity": (
        None,
        "sts:GetCallerIdentity needs no permission, and no policy can deny it.",
        # "If an administrator attaches a policy to your identity that explicitly denies access to the
        # sts:GetCallerIdentity action, you can still perform this operation."
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
    ),
    "sts:getsessiontoken": (
        frozenset({Kind.USER, Kind.ROOT}),
        "sts:GetSessionToken needs no permission, and no policy can deny it.",
        # "No permissions are required for users to get a session token … You cannot use policies to control
        # authentication operations."
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html",
    ),
}
"""Actions that AWS always allows, with the kinds of callers, the rule, and its documentation page.

   None as kinds of callers means all with valid credentials.
"""


def allowed_by_aws(who: RequestCaller, action: str) -> str | None:
    """Return the rule by which AWS always allows this caller the action (in lower case).

    None if the policies decide.
    """
    kinds, rule, _ = _FREE.get(action, (frozenset(), "", ""))
    return rule if kinds is None or who.kind in kinds else None


def needs_no_permission(action: str) -> str | None:
    """Return the rule by which AWS always allows some or all callers an action, with its page in parentheses.

    The case of the action is ignored. None for any other action.
    """
    found = _FREE.get(action.lower())
    return f"{found[1]} ({found[2]})" if found is not None else None


def refused_by_aws(who: RequestCaller, action: str, resource: str) -> str | None:
    """Return the rule by which AWS denies this action on this ARN whatever the policies allow, or None.

    The action and the ARN are in lower case. The rule is one sentence. None means that the policies decide.
    """
    kinds, rule = _NO_CALLERS.get(action, (frozenset(), ""))
    if who.kind in kinds:
        return rule
    return kept_from_everybody(action, resource)


def kept_from_everybody(action: str, resource: str) -> str | None:
    """Return the rule by which AWS denies everyone this action (in lower case) on an ARN, or None."""
    if not action.startswith(("iam:", "kms:")):
        return None
    return next((rule for what, changes, rule in _KEPT if action in changes and what.match(resource)), None)


_NO_RCP_REACHES = regex(r"arn:[^:]*:(?:kms:[^:]*:[^:]*:alias/aws/|iam::[^:]*:role/aws-service-role/)")


def reached_by_rcps(who: RequestCaller, action: str, resource: str) -> bool:
    """Whether RCPs apply to a request for this action (in lower case) on an ARN (in lower case).

    They apply to the services on AWS's list. They do not apply to service-linked roles (their calls and their trust
    policies), to AWS managed keys, or to ``kms:RetireGrant`` (AWS Organizations User Guide, "Resource control policies
    (RCPs)": "List of AWS services that support RCPs" and "Resources and entities not restricted by RCPs",
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html). Whether the resource is
    in the organization's management account is not checked here.
    """
    if who.service_linked or action == "kms:retiregrant" or _NO_RCP_REACHES.match(resource) is not None:
        return False
    return action.partition(":")[0] in rcp_services()
