"""Causes for quotas and request rates that a call exceeds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import contains, excerpt, quoted, reading, says
from diagnostics.text.read.messages.policy_size import too_large
from diagnostics.who import Who
from iam.api_operations import action_for
from iam.facts.quotas import (
    ACCESS_KEYS_OF_USER,
    CUSTOMER_POLICIES,
    GROUPS_OF_USER,
    INSTANCE_PROFILES,
    MANAGED_SIZE,
    POLICIES_OF_GROUP,
    POLICIES_OF_ROLE,
    POLICIES_OF_USER,
    ROLES,
    ROLES_OF_INSTANCE_PROFILE,
    TRUST_SIZE,
    VERSIONS_OF_POLICY,
    Quota,
)
from iam.lazy_pattern import regex

_TOKENS = r"[Tt]oo many tokens(?: per \w+)?"


def throttled(failure: OtherFailure) -> Iterator[FirstLook]:
    if failure.trouble is Trouble.THROTTLING and (said := quoted(failure.text, _TOKENS)):
        # Amazon Bedrock User Guide, "Quotas for Amazon Bedrock"
        # (https://docs.aws.amazon.com/bedrock/latest/userguide/quotas.html).
        yield FirstLook(
            "The model's token quota is used up: it counts the tokens of each minute or day in the account and Region, "
            "not concurrent calls. Compare it in Service Quotas (Amazon Bedrock, tokens per minute and per day of this "
            "model), use another model or an inference profile of several Regions, or request a higher quota.",
            contains(said),
            reading("service-quotas", "list-service-quotas", ("service-code", "bedrock")),
            Who.ACCOUNT_ADMIN,
        )
        return
    if failure.trouble is Trouble.THROTTLING:
        yield FirstLook(
            "Too many calls were made in a short time, by this program or by others in the account and Region. Keep "
            "one session instead of a new one for each call, run fewer at once, and let the SDK wait "
            "(AWS_RETRY_MODE=adaptive).",
            says("the failure is about a rate of calls", TextPart.TROUBLE, failure.trouble.value),
            None,
            Who.CALLER,
        )


def _more(quota: Quota) -> str:
    """Return the sentence on whether the quota can be raised, how far and where."""
    if not quota.code:
        return "It cannot be raised."
    most = f" up to {quota.highest:,}" if quota.highest else ""
    return f"The quota can be raised in Service Quotas{most} ({quota.code})."


# IAM User Guide, "IAM and AWS STS quotas": the name in AWS's messages, the quota, what it counts, and what helps.
_LEFT = (
    "If a program creates these resources, first find out why it does not delete them: most often its own delete calls "
    "are refused."
)
_QUOTAS = {
    "PoliciesPerRole": (
        POLICIES_OF_ROLE,
        "managed policies of one role",
        "Put the statements of several policies into one, or into an inline policy of the role; detach what is unused.",
    ),
    "PoliciesPerUser": (
        POLICIES_OF_USER,
        "managed policies of one user",
        "Add the user to a group that has the policies, or put several policies' statements into one.",
    ),
    "PoliciesPerGroup": (
        POLICIES_OF_GROUP,
        "managed policies of one group",
        "Put several policies' statements into one, or use a second group.",
    ),
    "GroupsPerUser": (GROUPS_OF_USER, "groups of one user", "First remove the user from a group."),
    "AccessKeysPerUser": (ACCESS_KEYS_OF_USER, "access keys of one user", "First delete a key that is unused."),
    "InstanceSessionsPerInstanceProfile": (
        ROLES_OF_INSTANCE_PROFILE,
        "role of one instance profile",
        "First remove the role that the profile contains (aws iam get-instance-profile, "
        "remove-role-from-instance-profile), if no running instance needs it.",
    ),
    "ACLSizePerRole": (
        TRUST_SIZE,
        "characters of a role's trust policy",
        "Shorten it: combine principals into one statement, or match several values with one pattern (StringLike, *). "
        "Statements with a Resource are permissions, and belong in a policy of the role instead.",
    ),
    "PolicySize": (
        MANAGED_SIZE,
        "characters of a managed policy",
        "Split the document into several policies, or shorten it with wildcards.",
    ),
    "RolesPerAccount": (ROLES, "roles of the account", f"Delete roles that nothing uses. {_LEFT}"),
    "PoliciesPerAccount": (
        CUSTOMER_POLICIES,
        "managed policies of the account",
        f"Delete policies that nothing uses. {_LEFT}",
    ),
    "InstanceProfilesPerAccount": (
        INSTANCE_PROFILES,
        "instance profiles of the account",
        f"Delete those that nothing uses. {_LEFT}",
    ),
}


# IAM User Guide, "Create a role using custom trust policies": a trust policy names who may assume the role
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-custom.html). AWS Load Balancer Controller,
# "Installation guide": its iam_policy.json is for aws iam create-policy
# (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/).
_PERMISSIONS_FILE = (
    r"(?<![\w./-])(?!data\.|[\w./-]*(?:trust|assume))[\w./-]*(?:iam[_-]?polic(?:y|ies)|permissions?)[\w.-]*\.json\b"
)
_OF_TRUST = r"(?:trust (?:policy|relationships?)|assume[_-]role[_-]policy(?:[_-]document)?)\b"
_PERMISSIONS_AS_TRUST = (
    rf"(?i:{_OF_TRUST}[^\n]{{0,100}}?{_PERMISSIONS_FILE}"
    rf"|{_PERMISSIONS_FILE}[^\n]{{0,60}}?\b(?:in|into|as) (?:the |a |its |role's |custom )*{_OF_TRUST})"
)
_BELONGS_IN_A_POLICY = (
    "Most likely a permissions policy was given as the trust policy, which only says who may assume the role: create "
    "an IAM policy from that document and attach it to the role. The trust policy needs only Principal and "
    "sts:AssumeRole (for a service account, its OIDC provider and sts:AssumeRoleWithWebIdentity). Raise no quota."
)


def _permissions_as_trust(text: str) -> str:
    """Return what shows that a permissions policy was given as the trust policy; "" if nothing does.

    It is the name of its file, or a document in the text that has resources and no principal.
    """
    if re.search(r"\bPrincipal\b|\bAssumeRolePolicyDocument\b|\bprincipals\b", text) is None:
        shown = quoted(text, r"[\"']Resource[\"']\s*:\s*\S[^\n]{0,60}")
    else:
        shown = ""
    return shown or quoted(text, _PERMISSIONS_AS_TRUST)


def quota_of_iam(failure: OtherFailure) -> Iterator[FirstLook]:
    if failure.trouble is not Trouble.QUOTA or failure.name not in _QUOTAS or not failure.detail:
        return
    quota, counted, helps = _QUOTAS[failure.name]
    pasted = _permissions_as_trust(failure.text) if failure.name == "ACLSizePerRole" else ""
    if pasted:
        yield FirstLook(_BELONGS_IN_A_POLICY, contains(excerpt(pasted)), None, Who.CALLER)
        return
    yield FirstLook(
        f"The limit is {failure.detail} {counted}. {helps} {_more(quota)}",
        says(f"the text names the quota {failure.name} of {failure.detail}", TextPart.NAME, failure.name),
        reading("iam", "get-account-summary"),
        Who.ACCOUNT_ADMIN,
    )


_INLINE = regex(r"Maximum policy size of (?P<size>\d+) bytes exceeded for (?P<kind>role|user|group)")


def inline_size(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if an entity's inline policies are too large in total, a quota that cannot be raised.

    IAM User Guide, "IAM and AWS STS quotas".
    """
    found = _INLINE.search(failure.text)
    if found:
        yield FirstLook(
            f"All inline policies of the {found['kind']} together may have {int(found['size']):,} characters, and "
            "this limit cannot be raised: move statements into managed policies (6,144 characters each), or shorten "
            "them.",
            contains(found[0]),
            None,
            Who.ACCOUNT_ADMIN,
        )


# Amazon EC2 User Guide, "Amazon EC2 instance type quotas": On-Demand quotas count vCPUs, by group of families
# (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-quotas.html).
_VCPUS = regex(r"current vCPU limit of (?P<limit>\d+)")
_INSTANCE_TYPE = regex(r"\b(?P<family>[a-z]{1,3})\d[a-z0-9-]*\.(?:\d{0,3}x?large|metal\S*|medium|small|micro|nano)\b")
_FAMILIES = {
    **dict.fromkeys(("a", "c", "d", "h", "i", "m", "r", "t", "z"), "Running On-Demand Standard instances"),
    **dict.fromkeys(("g", "vt"), "Running On-Demand G and VT instances"),
    "p": "Running On-Demand P instances",
    "f": "Running On-Demand F instances",
    "inf": "Running On-Demand Inf instances",
    "trn": "Running On-Demand Trn instances",
}


def vcpus(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if On-Demand instances would have more vCPUs than their quota in the Region."""
    found = _VCPUS.search(failure.text)
    if found is None:
        return
    named = {_FAMILIES.get(each["family"]) for each in _INSTANCE_TYPE.finditer(failure.text)}
    group = named.pop() if len(named) == 1 else None
    which = f" (“{group}”)" if group else ""
    helps = (
        "so not even one can start. Request an increase in Service Quotas, in the same Region, under Amazon "
        f"EC2{which}, or use another kind of instance; then try again. No permission is missing: remove permissions "
        "that were added for this."
        if int(found["limit"]) == 0
        else (
            "and running instances count toward it. Stop some instances, start fewer or smaller instances, or request "
            f"a higher quota in Service Quotas, under Amazon EC2{which}."
        )
    )
    yield FirstLook(
        f"This Region's quota for On-Demand instances of this kind is {found['limit']} vCPUs, {helps}",
        contains(found[0]),
        reading("service-quotas", "list-service-quotas", ("service-code", "ec2")),
        Who.ACCOUNT_ADMIN,
    )


# Amazon CloudWatch Logs API Reference, "PutResourcePolicy": at most 10 policies without a resource's ARN
# (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html).
_MOST_LOG_POLICIES = regex(
    r"PutResourcePolicy\b[^\n]{0,120}\bResource limit exceeded|log resource policy[^\n]{0,200}LimitExceeded"
    r"|Resource limit exceeded\.? \(Service: CloudWatchLogs(?=[\s\S]*[Rr]esource[ _]?[Pp]olicy)"
    r"|[Rr]esource[ _]?[Pp]olicy(?=[\s\S]*Resource limit exceeded\.? \(Service: CloudWatchLogs)"
)


def log_policies(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if an account has the maximum number of CloudWatch Logs resource policies."""
    found = _MOST_LOG_POLICIES.search(failure.text) if failure.trouble is Trouble.QUOTA else None
    if found is None:
        return
    unsure = "" if "CloudWatchLogs" in failure.text else "If the call is CloudWatch Logs' own: "
    yield FirstLook(
        f"{unsure}{'an' if unsure else 'An'} account has at most 10 resource policies of CloudWatch Logs in a Region, "
        "and that cannot be raised. List them, delete what nothing uses (aws logs delete-resource-policy), and put the "
        "statements of several services into one policy, with a wildcard for the log groups. No permission is missing.",
        contains(excerpt(found[0])),
        reading("logs", "describe-resource-policies", query="resourcePolicies[].policyName"),
        Who.ACCOUNT_ADMIN,
    )


def policy_size(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if a service says that a policy outside IAM is too large."""
    found = too_large(failure.text) if failure.trouble is Trouble.QUOTA else None
    if found is None or _INLINE.search(failure.text) or failure.name in _QUOTAS:
        return
    size = found.size
    if size is None:
        helps = (
            "Combine statements, replace lists with wildcards or organization-wide conditions, and remove what is "
            "stale."
        )
    else:
        more = "Service Quotas can raise it." if size.raised else "It cannot be raised."
        helps = f"The limit of the {size.kind} is {size.limit}. {more} {size.helps}"
    yield FirstLook(helps, contains(excerpt(found.words)), None, Who.RESOURCE_OWNER)


# The sentence of Amazon SageMaker, and of other services with a limit for the account.
_ACCOUNT_LIMIT = regex(
    r"service\s+limit\s+'(?P<name>[^'\n]{3,100})'\s+is\s+(?P<limit>[\d,]+)[^.\n]{0,40}?utili[sz]ation\s+of\s+(?P<used>[\d,]+)"
)


def account_limit(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if the message names the account's limit, its value and the current use."""
    found = _ACCOUNT_LIMIT.search(failure.text)
    if found is None:
        return
    name, limit, used = found.groups()
    free = (
        f"The account's quota “{name}” is 0 in this Region, so there is nothing to remove. Request an increase"
        if limit == "0"
        else f"{used} of {limit} of the account's quota “{name}” are used in this Region. Stop what is unused, or "
        "request an increase"
    )
    yield FirstLook(
        f"{free} of exactly this quota in Service Quotas, in the same Region, or use a type that has a quota in that "
        "Region. No permission is missing: a wider policy changes nothing.",
        contains(excerpt(found[0])),
        None,
        Who.ACCOUNT_ADMIN,
    )


_VERSIONS = r"can have up to \d+ versions"


_POLICY = regex(r"arn:[\w-]+:iam::\d{12}:policy/[\w+=,.@/-]+")


def _policy_of(failure: OtherFailure) -> str | None:
    """Return the ARN of the policy that the text names; None if it names no policy, or more than one."""
    found = set(_POLICY.findall(failure.text))
    return found.pop() if len(found) == 1 else None


def documented_quota(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield what the API reference says about a quota's error."""
    from diagnostics.text.answer.error_meanings.find import meaning_of  # hundreds of rows that few texts need

    if failure.trouble is not Trouble.QUOTA or not (code := failure.code) or code not in failure.text:
        return
    if (found := meaning_of(code, failure.operation or "", failure.text, failure.text)) is not None:
        yield FirstLook(found.sentence, contains(code), None, Who.RESOURCE_OWNER)


def quota(failure: OtherFailure) -> Iterator[FirstLook]:
    if any(each.search(failure.text) for each in (_INLINE, _VCPUS, _ACCOUNT_LIMIT, _MOST_LOG_POLICIES)) or too_large(
        failure.text
    ):
        return
    if failure.trouble is Trouble.QUOTA and (said := quoted(failure.text, _VERSIONS)):
        yield FirstLook(
            f"A managed policy has at most {VERSIONS_OF_POLICY.highest} versions, and this cannot be raised: delete "
            "one that is not the default (aws iam delete-policy-version), then repeat.",
            contains(said),
            reading("iam", "list-policy-versions", ("policy-arn", _policy_of(failure))),
            Who.CALLER,
        )
    elif failure.trouble is Trouble.QUOTA and failure.name not in _QUOTAS:
        yield FirstLook(
            "The account, or this one entity, has reached its quota: remove what is unused, or request a higher quota "
            "where the service allows that.",
            says(f"the text names the quota {failure.name} of {failure.detail}", TextPart.NAME, failure.name)
            if failure.name
            else says("the text mentions a limit", TextPart.TROUBLE, failure.trouble.value),
            reading("iam", "get-account-summary") if _of_iam(failure.operation) else None,
            Who.ACCOUNT_ADMIN,
        )


def _of_iam(operation: str | None) -> bool:
    """Whether the operation is IAM's, so that the account summary shows the quota."""
    return bool(operation) and (action_for(operation or "", None) or "").startswith("iam:")
