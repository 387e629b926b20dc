"""Causes by the kind of policy that the text names: where to look, and who may change it.

Source: IAM User Guide, "Troubleshoot access denied error messages"; S3 User Guide, "Blocking public access".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Denial
from diagnostics.text.causes.build_causes import blames, contains, reading
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.causes.denials.passed_policies import (
    PASSING_INPUT,
    managed_policy_lacks,
    passed_actions,
    passed_policies,
)
from diagnostics.who import Who
from iam.arn import linked_service, name_of
from iam.lazy_pattern import regex
from iam.policy.match import names_action
from iam.service_reference import spelled
from iam.words import listing

PASSED_AS_SESSION_POLICY = "was passed as session policy"
"""Words of the cause. They give the policy's name to a verdict that names only the kind of policy."""


def boundary(signs: Signs) -> Iterator[FirstLook]:
    if signs.layer != "boundary":
        return
    yield from _without_a_boundary(signs)
    gives = signs.action in _GIVES_ONE
    found = _BOUNDARY.finditer(signs.denial.pasted or signs.denial.text)
    arns = {each["arn"] for each in found if each["answer"] or not gives}
    asked = {each["name"] for each in _ASKED_ABOUT.finditer(signs.denial.text)}
    if asked and (signs.role or signs.user) not in asked:
        arns = set()  # the answer in the text is about somebody else
    if len(arns) == 1 and (signs.role or signs.user):
        arn, whose = arns.pop(), signs.role or signs.user
        yield FirstLook(
            f"According to the text, the permissions boundary of {whose} is {arn}, and it "
            f"{'denies' if signs.denied_explicitly else 'does not allow'} {signs.denial.action or 'the action'}. "
            + (
                "Only the owner of that policy can change it. "
                if signs.denied_explicitly
                else f"{_OF_AWS} "
                if ":iam::aws:" in arn
                else _for_new(signs) or "Ask that policy's owner to add the action, unless it was left out on purpose. "
            )
            + f"An Allow in the policies of {whose} does not help.",
            contains(arn),
            reading("iam", "list-policy-versions", ("policy-arn", arn)),
            Who.ACCOUNT_ADMIN,
            shown_by=("boundary",),
        )
        yield from boundary_wanted(signs)
        return
    yield FirstLook(
        "A Deny in the caller's permissions boundary refuses the action: no policy of the caller can override it."
        if signs.denied_explicitly
        else (
            "The caller's permissions boundary does not allow the action: no policy of the caller can grant more than "
            f"the boundary allows. {_change_of_boundary(signs)} A policy of the caller must allow the action, too."
        ),
        blames("the text names a permissions boundary", "boundary"),
        reading("iam", "get-role", ("role-name", signs.role), query="Role.PermissionsBoundary")
        or reading("iam", "get-user", ("user-name", signs.user), query="User.PermissionsBoundary"),
        Who.ACCOUNT_ADMIN,
        shown_by=("boundary",),
    )
    yield from boundary_wanted(signs)


_OF_AWS = (
    "AWS manages that policy, so nobody can edit it: use your own policy as the boundary, and let this policy allow "
    "the action, too (CDK: cdk bootstrap --custom-permissions-boundary)."
)
_AS_BOUNDARY = regex(
    r"\b(?P<before>[A-Z][\w/-]{4,80}) as (?:the |an? |its |our )?permissions? boundary\b"
    r"|\bpermissions? boundary\b[^.\n]{0,20}?(?:\bis\b|\bnamed\b|\(|[:=])\s*[\"'`]?(?P<after>[A-Z][\w/-]{4,80})",
)


def _change_of_boundary(signs: Signs) -> str:
    """Return how the boundary can allow the action: AWS's own policies cannot be edited.

    IAM User Guide, "Managed policies and inline policies"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html).
    """
    names = [found["before"] or found["after"] for found in _AS_BOUNDARY.finditer(signs.denial.text)]
    if names:
        from iam.aws_managed_policies import find  # few texts name the boundary

        for name in names:
            if find(f"arn:aws:iam::aws:policy/{name}") is not None:
                return f"The text names {name} as the boundary. {_OF_AWS}"
    once = (
        "The simplest way: an administrator creates the role once (aws iam create-service-linked-role "
        f"--aws-service-name {service}). Then the caller does not need the action. Or have the action added to the "
        "boundary."
        if (service := linked_service(signs.denial.resource or ""))
        else ""
    )
    action = spelled(signs.action) or "the action"
    new = _for_new(signs).strip()
    return once or new or f"Have {action} added to the boundary, unless it was left out on purpose."


def _for_new(signs: Signs) -> str:
    """Return how boundaries often limit the creation of roles and users, with a space at its end; "" for other actions.

    IAM User Guide, "Delegating responsibility to others using permissions boundaries"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html); AWS CDK Developer Guide,
    "Permissions boundaries" (https://docs.aws.amazon.com/cdk/v2/guide/customize-permissions-boundaries.html).
    """
    if signs.action not in ("iam:createrole", "iam:createuser"):
        return ""
    kind = signs.action.removeprefix("iam:create")
    return (
        f"Read the boundary first: often it allows {spelled(signs.action)} only if the new {kind} gets a certain "
        f"boundary, too (iam:PermissionsBoundary). Then set that boundary on the new {kind} (CDK: the context key "
        "@aws-cdk/core:permissionsBoundary; Terraform: permissions_boundary). If the boundary lacks the action, ask "
        "the boundary's owner to add it, unless it was left out on purpose. "
    )


_GIVES_ONE = frozenset(
    ("iam:createrole", "iam:createuser", "iam:putrolepermissionsboundary", "iam:putuserpermissionsboundary")
)
"""Actions whose request names the boundary of another role or user."""
_ASKED_ABOUT = regex(r"\bget-(?:role|user)\b[^\n]{0,80}--(?:role|user)-name[ =][\"']?(?P<name>[\w+=,.@-]+)")
# How IAM's answers, templates and commands name a boundary.
_BOUNDARY = regex(
    r"\b(?:(?P<answer>PermissionsBoundaryArn)|PermissionsBoundary|permissions[_-]boundary|boundary)\b[\"']?"
    r"(?:[ \t]+--output[ =]text[ \t]*\n\s*|\s*[:=]\s*|\s+)\{?\s*"
    r"(?:\"PermissionsBoundaryType\":\s*\"\w+\",\s*\"PermissionsBoundaryArn\":\s*)?[\"']?"
    r"(?P<arn>arn:[\w-]+:iam::(?:\d{12}|aws):policy/[\w+=,.@/-]*[\w+=@-])",
    re.IGNORECASE,
)


def boundary_wanted(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if new roles or users must have a certain permissions boundary.

    IAM User Guide, "Delegating responsibility using permissions boundaries".
    """
    if signs.action in ("iam:createrole", "iam:createuser") and (said := signs.quote(r"iam:PermissionsBoundary")):
        yield FirstLook(
            "Anyone who creates roles or users here must give them a certain permissions boundary "
            "(iam:PermissionsBoundary): set this boundary in the template or the tool.",
            contains(said),
            signs.caller_read,
            Who.CALLER,
            shown_by=("boundary",),
        )


def _without_a_boundary(signs: Signs) -> Iterator[FirstLook]:
    """Yield the usual condition by which a Deny requires a boundary for new roles and users.

    IAM User Guide, "Delegating responsibility using permissions boundaries".
    """
    if signs.action not in ("iam:createrole", "iam:createuser") or not signs.denied_explicitly:
        return
    if signs.says(r"iam:PermissionsBoundary"):
        return  # `boundary_wanted` says so
    kind = signs.action.removeprefix("iam:create")
    yield FirstLook(
        f"Read the Deny's condition: most often it refuses a {kind} that is created without a certain boundary "
        f"(iam:PermissionsBoundary). Then give the new {kind} that boundary (CDK: the context key "
        "@aws-cdk/core:permissionsBoundary; Terraform: permissions_boundary). No Allow overrides the Deny.",
        blames("the text names a permissions boundary", "boundary"),
        reading("iam", "get-policy", ("policy-arn", signs.denial.policy_arn)),
        Who.CALLER,
        shown_by=("boundary",),
    )


def boundary_of_the_new(signs: Signs) -> Iterator[FirstLook]:
    """Yield the same cause as `boundary_wanted`, before other causes, if an explicit deny refuses the request."""
    if signs.denied_explicitly:
        yield from boundary_wanted(signs)


_BY_TOKEN = r"AssumeRoleWithWebIdentity|web_identity_token"
_BY_SAML = r"AssumeRoleWithSAML"


def _maker(signs: Signs) -> str:
    """Return who made the session, as far as the text shows it."""
    by_saml = "AssumeRoleWithSAML" if signs.says(_BY_SAML) else "AssumeRole"
    who = f"The program that called {'AssumeRoleWithWebIdentity' if signs.says(_BY_TOKEN) else by_saml}"
    named = f" for {signs.role}" if signs.role else ""
    return f"{who}{named} (session {signs.session})" if signs.session else f"{who}{named}"


def session_perhaps(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a program obtained the session with a token, and the role is said to allow the action.

    A session policy may then limit the session. IAM User Guide, "Session policies"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session).
    """
    if signs.layer not in ("", "identity") or signs.denied_explicitly or not (signs.role and signs.session):
        return
    action = signs.denial.missing_action or signs.denial.action or ""
    if signs.unsigned or not (said := signs.quote(_BY_TOKEN)):
        return
    if not _allowed_beside(signs.denial, action):
        if not (claimed := signs.quote(_SAID_ALLOWED)):
            return
        yield FirstLook(
            f"First check whether {signs.role} really allows {action}: this check shows it. If it does, the session "
            f"may have fewer permissions than the role: {_maker(signs)} may have passed a session policy that lacks "
            f"{action} (requestParameters.policy of that event in CloudTrail). In that case, change the program, its "
            "version, or how it gets credentials: a second Allow in the role does not help.",
            contains(claimed, said),
            signs.caller_read,
            Who.CALLER,
        )
        return
    yield FirstLook(
        f"{_maker(signs)} may have passed a session policy that lacks {action}: the session then has fewer permissions "
        "than the role. Read the session policy in the event in CloudTrail. Then make the program pass a session "
        "policy that allows the action, or no session policy.",
        contains(said),
        reading(
            "cloudtrail",
            "lookup-events",
            ("lookup-attributes", "AttributeKey=EventName,AttributeValue=AssumeRoleWithWebIdentity"),
        ),
        Who.CALLER,
    )


_SAID_ALLOWED = (
    r"\b(?:although|even though|though|but|yet)\b[^.\n]{0,40}\brole\b[^.\n]{0,30}\b(?:has|have|allows|includes|contains"
    r"|grants)\b(?! (?:no|not|neither)\b)"
    r"|\brole\b[^.\n]{0,20}\b(?:has|allows)\b(?! (?:no|not|neither)\b)[^.\n]{0,40}\b(?:already|permissions?)\b"
)


def _allowed_beside(denial: Denial, action: str) -> bool:
    """Return whether an Allow elsewhere in the text names the action."""
    text = denial.pasted or denial.text
    named = rf"\"Action\"\s*:\s*(?:\[[^\]]{{0,4000}}?)?\"{re.escape(action)}\""
    return bool(action) and re.search(named, text, re.IGNORECASE) is not None


def session(signs: Signs) -> Iterator[FirstLook]:
    """Yield who passed the session policy; for guests of an identity pool, that is Cognito itself.

    AWS managed policies, AmazonCognitoUnAuthedIdentitiesSessionPolicy
    (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonCognitoUnAuthedIdentitiesSessionPolicy.html).
    """
    if signs.layer != "session":
        return
    if signs.session == "CognitoIdentityCredentials":
        yield FirstLook(
            "Cognito itself adds a session policy for guests in an identity pool's enhanced flow, with a fixed list "
            "of services, even if you wrote none. For other services, use the basic flow or let users sign in.",
            blames("the text names a session policy, and the session is Cognito's", "session"),
            reading("cognito-identity", "list-identity-pools", ("max-results", "60")),
            Who.RESOURCE_OWNER,
            shown_by=("session",),
        )
        return
    if ":federated-user/" in (signs.denial.principal or ""):
        # STS API reference, GetFederationToken: without a session policy the session has no permissions.
        yield FirstLook(
            "GetFederationToken was called with a session policy that does not allow this call, or without a session "
            "policy. Such a session is allowed only what both its session policy and the user's policies allow.",
            blames("the text names a session policy, and the caller is a federated user", "session"),
            None,
            Who.CALLER,
            shown_by=("session",),
        )
        return
    lacks = "denies" if signs.denied_explicitly else "does not allow"
    if ":user/" in (signs.denial.principal or ""):
        yield FirstLook(
            f"The program that made the call for the user had credentials with a session policy that {lacks} the "
            "action: a change to the user's own policies does not help.",
            blames("the text names a session policy, and the caller is a user", "session"),
            None,
            Who.CALLER,
            shown_by=("session",),
        )
        return
    action = signs.denial.missing_action or signs.denial.action
    change = "allows" if signs.denied_explicitly else "has"
    passed = passed_actions(signs.denial.text) if action and not signs.denied_explicitly else []
    if action and passed and not names_action(passed, action):
        yield FirstLook(
            f"The Policy of the call in the text has {listing(passed, limit=4)}, but not {spelled(action)}: a session "
            "is allowed only what this policy and the role's own policies both allow. Such a policy separates callers "
            "from each other, so the refusal may be intended. Only if every such session should be allowed to do this, "
            "add the action to this policy, keep its Resource and Condition, and create a new "
            f"session.{_whole_table(action)}",
            blames("the text names a session policy", "session"),
            None,
            Who.CALLER,
            shown_by=("session",),
        )
        return
    if action and not signs.denied_explicitly and (named := passed_policies(signs.denial.pasted or signs.denial.text)):
        lacks_it = all(managed_policy_lacks(each, action) for each in named)
        what = f", and that does not allow {spelled(action)}" if lacks_it else ""
        own = [name_of(each) for each in named if ":iam::aws:" not in each]
        how = PASSING_INPUT if PASSING_INPUT in (signs.denial.pasted or signs.denial.text) else "policy_arns"
        add = (
            f"Add {spelled(action)} to {own[0]}"
            if len(own) == 1
            else (
                f"Add the ARN of a policy that allows {spelled(action)} to {how}, or pass no session policy if no "
                "limit was meant"
            )
        )
        yield FirstLook(
            f"{listing([name_of(each) for each in named])} {PASSED_AS_SESSION_POLICY} ({how}): the session "
            f"is limited to what that policy allows{what}. {add}, and make a new session. The role's own policies are "
            "not the cause.",
            blames("the text names a session policy", "session"),
            None,
            Who.CALLER,
            shown_by=("session",),
        )
        return
    yield FirstLook(
        f"{_maker(signs)} passed a session policy that {lacks} {action or 'the action'} when it created the session. A "
        f"change to the role's own policies alone does not help. Have that program pass a session policy that {change} "
        "the action on this resource (Policy and PolicyArns of the call), or use a version of the program that does. "
        "If an AWS service (such as Amplify Hosting) or another party runs that program, make the call with another "
        "identity, for example from a Lambda function with its own role.",
        blames("the text names a session policy", "session"),
        reading(
            "cloudtrail",
            "lookup-events",
            (
                "lookup-attributes",
                f"AttributeKey=ResourceName,AttributeValue={signs.session}" if signs.session else None,
            ),
        ),
        Who.CALLER,
        shown_by=("session",),
    )


def endpoint(signs: Signs) -> Iterator[FirstLook]:
    if signs.layer != "vpce":
        return
    yield FirstLook(
        "The call went through a VPC endpoint whose policy denies it."
        if signs.denied_explicitly
        else (
            "The call went through a VPC endpoint whose policy does not allow it: check the action, the resource, "
            "the caller and the conditions."
        ),
        blames("the text names a VPC endpoint policy", "vpce"),
        reading("ec2", "describe-vpc-endpoints", query="VpcEndpoints[].[VpcEndpointId,ServiceName,PolicyDocument]"),
        Who.ACCOUNT_ADMIN,
        shown_by=("vpce",),
    )
    if vpn := signs.quote(r"\bVPN\b|\bZscaler\b|\bDirect Connect\b|\bWARP\b"):
        yield FirstLook(
            f"Most likely the {vpn} brings the call to that endpoint (its DNS answers with private addresses): allow "
            "the call in the endpoint's policy, or remove the service's host name from the DNS and routes of the "
            f"{vpn}, so that the call goes to the public endpoint.",
            contains(vpn),
            None,
            Who.RESOURCE_OWNER,
            shown_by=("vpce",),
        )


def _whole_table(action: str) -> str:
    """Return a sentence on what a Scan reads; "" for other actions.

    Amazon DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control"
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html).
    """
    if action.lower() != "dynamodb:scan":
        return ""
    return " A Scan reads the items of all partition keys: use Query, which dynamodb:LeadingKeys limits."
