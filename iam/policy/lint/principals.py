"""Checks of principals: whether they are allowed in this kind of policy, and whether their format is valid."""

from __future__ import annotations

import re

from iam.arn import Arn
from iam.policy.lint.finding import ERROR, SECURITY, SUGGESTION, WARNING, LintSeverity, Part, Policy, PolicyKind, Text
from iam.policy.match import has_wildcard
from iam.policy.statements import PRINCIPAL_TYPES

SOURCE_KEYS = frozenset({"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"})
SERVICE = re.compile(r"[a-z0-9][a-z0-9.-]*\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)")
# CloudFront Developer Guide, "Use an origin access identity".
_origin_access_identity = re.compile(r"arn:[^:]+:iam::cloudfront:user/CloudFront Origin Access Identity E[A-Z0-9]+")


def check(policy: Policy) -> None:
    for part in policy.statements:
        present = [element for element in ("Principal", "NotPrincipal") if element in part.value]
        for element in present:
            path = (*part.path, element)
            if policy.kind in (PolicyKind.IDENTITY, PolicyKind.BOUNDARY):
                message = (
                    f"An identity policy has no {element}, because the policy applies to the identity to which it "
                    "is attached."
                )
                policy.say(path, "UNSUPPORTED_PRINCIPAL", ERROR, message)
            elif policy.kind is PolicyKind.SCP:
                message = f"A service control policy has no {element}: use a condition on aws:PrincipalArn."
                policy.say(path, "SCP_SYNTAX_ERROR_PRINCIPAL", ERROR, message)
            elif policy.kind is PolicyKind.RCP:
                _rcp(policy, part, element)
            else:
                _element(policy, part, element)
        if policy.kind is PolicyKind.RCP:
            _rcp_conditions(policy, part)
        if policy.kind is PolicyKind.RESOURCE and part.allows:
            _services(policy, part)


def _element(policy: Policy, part: Part, element: str) -> None:
    value, path = part.value[element], (*part.path, element)
    if element == "NotPrincipal" and part.allows:
        message = (
            "Allow with NotPrincipal allows everybody except the named principals, even unknown accounts: name the "
            "intended principals instead."
        )
        policy.say(path, "ALLOW_WITH_NOT_PRINCIPAL", SECURITY, message)
    if isinstance(value, str) and value != "*":
        message = f'{element} must be an object such as {{"AWS": "..."}}, or "*".'
        policy.say(path, "INVALID_PRINCIPAL_FORMAT", ERROR, message)
        return
    if not isinstance(value, str | dict):
        if value != []:
            policy.say(path, "INVALID_PRINCIPAL_FORMAT", ERROR, f'{element} must be an object, or "*".')
        return
    if isinstance(value, dict):
        for kind in value:
            if kind not in PRINCIPAL_TYPES:
                message = f"{kind[:60]!r} is not a kind of principal: use {', '.join(PRINCIPAL_TYPES)}."
                policy.say((*path, kind), "INVALID_PRINCIPAL_KEY", ERROR, message)
    for kind, text in part.principals(element):
        if kind in PRINCIPAL_TYPES:
            _principal(policy, kind, text)


def _principal(policy: Policy, kind: str, text: Text) -> None:
    value = text.text

    def say(code: str, message: str, severity: LintSeverity = ERROR) -> None:
        policy.say(text.path, code, severity, message)

    if "${" in value:
        return
    if has_wildcard(value) and not (kind == "AWS" and value == "*"):
        say(
            "UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
            f"{value[:80]}: a principal must be named completely, without wildcards.",
        )
    elif kind == "Service":
        if not SERVICE.fullmatch(value):
            say("INVALID_SERVICE_PRINCIPAL_FORMAT", f"{value[:80]} is not a service: write service.amazonaws.com.")
    elif kind == "Federated":
        if policy.kind is PolicyKind.RESOURCE:
            message = (
                "Identity providers are allowed only in trust policies: name the role whose sessions should be allowed."
            )
            say("FEDERATED_PRINCIPAL_NOT_SUPPORTED", message)
    elif kind == "AWS" and value != "*":
        _aws(policy, text)


def _aws(policy: Policy, text: Text) -> None:
    value = text.text

    def say(code: str, message: str, severity: LintSeverity = ERROR) -> None:
        policy.say(text.path, code, severity, message)

    if re.fullmatch(r"\d{12}", value):
        return
    if re.fullmatch(r"AROA[A-Z0-9]{4,}", value):
        say("INVALID_ROLE_REFERENCE", f"{value} is a role's ID: name the role by its ARN.", WARNING)
    elif re.fullmatch(r"AIDA[A-Z0-9]{4,}", value):
        say("INVALID_USER_REFERENCE", f"{value} is a user's ID: name the user by its ARN.", WARNING)
    elif not value.startswith("arn:"):
        say("INVALID_ARN_PREFIX", f"{value[:80]} is neither an ARN nor an account of 12 digits.")
    else:
        arn = Arn.parse_principal(value)
        if value.count(":") < 5:
            say("MISSING_ARN_FIELD", f"{value[:80]} lacks parts: write arn:aws:iam::ACCOUNT:role/NAME.")
        elif arn is None or not arn.partition:
            say(
                "INVALID_ARN_RESOURCE",
                f"{value[:80]} is not a principal: users, roles and accounts are named by ARNs of iam or sts.",
            )
        elif arn.service == "iam" and arn.type == "group":
            message = f"{value[:80]} is a user group, which is not a principal: name its users or a role."
            say("UNSUPPORTED_PRINCIPAL", message)
        elif arn.account_id is None and not _origin_access_identity.fullmatch(value):
            say("INVALID_ARN_ACCOUNT", f"{arn.account[:40]!r} is not an account: an account has 12 digits.")


def _services(policy: Policy, part: Part) -> None:
    named = [text for kind, text in part.principals() if kind == "Service"]
    if not named or part.keys & SOURCE_KEYS:
        return
    if "aws:referer" in part.keys:
        message = "aws:SourceArn or aws:SourceAccount show on whose behalf a service calls; aws:Referer does not."
        policy.say(part.path, "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", SUGGESTION, message)
        return
    for text in named:
        confused_deputy(policy, text)


def confused_deputy(policy: Policy, text: Text) -> None:
    message = (
        f"{text.text} may call on anybody's behalf: name the source with aws:SourceArn or aws:SourceAccount (or "
        "aws:SourceOrgID, aws:SourceOrgPaths)."
    )
    policy.say(text.path, "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", SECURITY, message)


def _rcp(policy: Policy, part: Part, element: str) -> None:
    """Check an RCP's principal (Organizations User Guide, "RCP syntax")."""
    path = (*part.path, element)
    everybody = part.value[element] in ("*", {"AWS": "*"}, {"AWS": ["*"]})
    if element == "NotPrincipal" or not everybody:
        message = 'A resource control policy names everybody ("*") as Principal; conditions limit it.'
        policy.say(path, "RCP_SYNTAX_ERROR_PRINCIPAL", ERROR, message)
    if part.allows and not _is_full_access(part):
        message = "Only AWS's own RCPFullAWSAccess allows; your own resource control policies can only deny."
        policy.say(part.path, "RCP_SYNTAX_ERROR_ALLOW", ERROR, message)


def _is_full_access(part: Part) -> bool:
    """Whether this is the statement of RCPFullAWSAccess.

    "The effect of Allow is only supported for the RCPFullAWSAccess policy" (Organizations User Guide, "RCP syntax",
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html).
    """
    value = part.value
    everything = all(value.get(element) in ("*", ["*"]) for element in ("Action", "Resource"))
    return everything and not value.get("Condition")


_ABOUT_PRINCIPALS = frozenset(
    {"aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths"}
)


def _rcp_conditions(policy: Policy, part: Part) -> None:
    keys = part.keys
    if part.allows or "aws:principalisawsservice" in keys:
        return
    for _, key, place, _ in part.conditions():
        if key.lower() in _ABOUT_PRINCIPALS:
            message = (
                f"The Deny also applies to AWS's own services, which have no {key}: add BoolIfExists "
                "aws:PrincipalIsAWSService false."
            )
            policy.say(place.path, "RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY", WARNING, message)
        elif key.lower() in SOURCE_KEYS:
            message = (
                f"The Deny also applies to roles and users, which have no {key}: add BoolIfExists "
                "aws:PrincipalIsAWSService true."
            )
            policy.say(place.path, "RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY", WARNING, message)
