"""Compare AWS-managed policies that a text says are attached with the denied request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from diagnostics.access_denied.pasted.conditions_of_managed_policies import under_conditions
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.fixes.caller_statement import fix_of_caller
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.roles.named_actions import names_action
from diagnostics.text.answer.authors_questions import askers_own_rights, of_the_author
from diagnostics.text.answer.other_identity_than_meant import wrong_identity
from diagnostics.text.read.printed_values import outputs
from diagnostics.who import Who
from iam.arn import identity_of
from iam.aws_managed_policies import arns, find
from iam.lazy_pattern import regex
from iam.policy.decision import Fault, NearMiss
from iam.policy.document import Document
from iam.policy.explain import explain_layer
from iam.policy.layer import Layer, LayerResult
from iam.policy.request import NamedPolicy, Policies, Request
from iam.words import listing

_ATTACHED = regex(
    r"\b(?:policies|attached|has|have|gave|given|got|with only|permissions)\b[^\n.?!]{0,40}?"
    r"(?P<names>[:\s][^\n.?!]{5,600})",
    re.IGNORECASE,
)
_LISTED = regex(r"\b(?:[Rr]ole|[Uu]ser)[ \t]+(?P<of>[\w+=,.@-]*[\w+=@-])[ \t]*(?P<names>:[^\n.?!]{5,600})")
"""A role or user and its list of policies: ``role scan: SecurityAudit, ViewOnlyAccess``."""
_ADMINISTRATORS = ("AdministratorAccess", "PowerUserAccess")
_NAME = regex(r"(?<![\w/-])[A-Z][A-Za-z0-9_-]{5,80}(?![\w-])")
_NOT = regex(
    r"\b(?:not?|without|missing|needs?|should|must|attach(?!ed)|lacks?|remove[ds]?|detach\w*)\b|n't\b|\?", re.IGNORECASE
)


_JUST_ATTACHED = regex(
    r"^(?P<before>[^\n]*?)\battach(?:ed|ing)?[-_ ](?:role|user|managed)[-_ ]policy\b"
    r"(?:[^\n]*?:policy/(?:[\w+=,.@-]+/)*(?P<of_arn>[\w+=,.@-]+)"
    r"|[^\n]*?(?P<name>(?<![\w-])[A-Z][A-Za-z0-9_-]{5,80})(?![\w-]))",
    re.IGNORECASE | re.MULTILINE,
)
_ATTACHED_TO = regex(r"--(?:role|user)-name[= ]+[\"']?(?P<name>[\w+=,.@-]+)")
_TIME = regex(r"(?<!\d)(?P<hours>[0-2]\d):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d)(?!\d)")
_SOON = 120
"""The number of seconds that a change in IAM may take to reach the service."""


def of_a_new_policy(denial: Denial, text: str, action: str) -> Finding | None:
    """Return a finding if an AWS managed policy with the action was attached seconds before the denial; else None.

    The times are the text's own. IAM User Guide, "Changes that I make are not always immediately visible"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    """
    if denial.principal is None or (denial.stated_reason or "").startswith("explicit"):
        return None
    for name, passed in _just_attached(text, denial.principal):
        policy = find(_by_name().get(name, ""))
        if policy is None or policy.document is None:
            continue
        request = Request(denial.principal, action, denial.resource or "*")
        allows = explain_layer(request, Policies(identity=(NamedPolicy(policy.document),)), Layer.IDENTITY)
        if allows.result is LayerResult.ALLOWED:
            return _too_new(name, passed, action)
    return None


def of_an_own_new_policy(denial: Denial, text: str, action: str) -> Finding | None:
    """Return a finding if a customer managed policy was attached seconds before the denial; else None.

    The policy's document is in the text and allows the request.
    """
    attached = dict(_just_attached(text, denial.principal or ""))
    return _too_new(*attached.popitem(), action) if len(attached) == 1 else None


_IN_NO_GROUP = regex(
    r"\baws iam list-groups-for-user\b[^\n]*--user-name[ =](?P<user>[\w+=,.@-]+)[^\n]*\n+"
    r"\s*(?:\{\s*\"Groups\":\s*)?\[\s*\]"
)
_OF_A_GROUP = regex(r"\bgroup[ :]+[\"'`]?(?P<name>(?!has\b|is\b|with\b)[\w+=,.@-]+)", re.IGNORECASE)
_DEFAULT_VERSION = regex(r"\bDefaultVersionId\b[\"']?[^\nv]{0,20}(?:\n\s*)?[\"'](?P<default>v\d{1,6})[\"']")
_OTHER_VERSION = regex(r"(?<![\w.])(?P<version>v\d{1,6})\b[^\n{]{0,60}:\s*\{\s*\"(?:Version|Effect|Statement|Sid)\"")


def of_a_policy_not_in_force(denial: Denial, text: str, action: str) -> Finding | None:
    """Return why a policy that allows the request does not apply to the caller.

    The text shows, for example, that the user is in no group, or that another version of the policy is the default. IAM
    User Guide, "Versioning IAM policies": only the default version is in effect
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html).
    """
    _, kind, name = identity_of(denial.principal or "")
    none, group = _IN_NO_GROUP.search(text), _OF_A_GROUP.search(text)
    if kind == "user" and none is not None and none["user"] == name and group is not None:
        said = (
            f"the user {name} is in no group, so the permissions of the group {group['name']} do not apply to this user"
        )
        note = Note(f"the user {name}", f"aws iam add-user-to-group --user-name {name} --group-name {group['name']}")
        fix = Fix(f"Add {name} to the group, if that is intended", Who.ACCOUNT_ADMIN, note)
        return Finding(f"identity.{Fault.NO_ACTION.value}", said, f"In the text, {said}.", fix=fix)
    default, other = _DEFAULT_VERSION.search(text), _OTHER_VERSION.search(text)
    if default is not None and other is not None and default["default"] != other["version"]:
        said = f"the policy's default version is {default['default']}, and {other['version']} allows {action}"
        note = Note(
            "the policy", f"aws iam set-default-policy-version --policy-arn ARN --version-id {other['version']}"
        )
        fix = Fix(f"Make {other['version']} the default version", Who.ACCOUNT_ADMIN, note)
        sentence = f"In the text, {said}: only the default version is in effect."
        return Finding(f"identity.{Fault.NO_ACTION.value}", said, sentence, fix=fix)
    return None


def _just_attached(text: str, caller: str) -> Iterator[tuple[str, int]]:
    """Yield the policies that were attached shortly before the denial, each with the number of seconds between.

    Both times are those in the text.
    """
    at = text.find("is not authorized to perform")
    line = text.rfind("\n", 0, max(at, 0)) + 1
    before = text.rfind("\n", 0, max(line - 1, 0)) + 1
    refused = list(_TIME.finditer(text, line, max(at, 0))) or list(_TIME.finditer(text, before, line))
    for attached in _JUST_ATTACHED.finditer(text) if refused else ():
        when = list(_TIME.finditer(attached["before"]))
        passed = _seconds(refused[-1]) - _seconds(when[-1]) if when else -1
        to = _ATTACHED_TO.search(text[attached.start() :].partition("\n")[0])
        if 0 <= passed <= _SOON and (to is None or to["name"] == identity_of(caller)[2]):
            yield attached["of_arn"] or attached["name"], passed


def _too_new(name: str, passed: int, action: str) -> Finding:
    said = f"{name} allows {action}, but was attached only {passed} seconds before the denial"
    sentence = (
        f"Wait a minute and try again: {said}. IAM changes take a few seconds to reach every service. You need no "
        "new credentials, because policies are evaluated at each call."
    )
    note = Note("the call", "If the call still fails after a few minutes, look for another policy that denies it.")
    return Finding(None, said, sentence, settles=True, fix=Fix("Wait, and try again", Who.CALLER, note))


def _seconds(time: re.Match[str]) -> int:
    return int(time["hours"]) * 3600 + int(time["minutes"]) * 60 + int(time["seconds"])


def of_managed_policies(denial: Denial, text: str, action: str) -> Iterator[Finding]:
    """Yield a finding if none of the AWS managed policies that the text says are attached allows the request.

    Yield nothing if the text shows that another identity was meant to make the call, because the policies are most
    likely that identity's.
    """
    listed = (each for each in _LISTED.finditer(text) if each["of"] == identity_of(denial.principal or "")[2])
    names = [
        name
        for line in (*_ATTACHED.finditer(text), *listed)
        if not _NOT.search(_sentence(text, line)) and not of_the_author(text, line.start("names") + 1, denial)
        for name, at in {found[0]: found.start() for found in _NAME.finditer(line["names"])}.items()
        if name in _by_name() and not of_the_author(text, line.start("names") + at, denial)
    ]
    printed = list(_printed(text, denial.principal or ""))
    names += [name for name in printed if name not in names]
    if not names or denial.principal is None or wrong_identity(denial, action):
        return
    request = Request(denial.principal, action, denial.resource or "*")
    where = ""
    under: list[tuple[str, NearMiss]] = []
    for name in names:
        policy = find(_by_name()[name])
        if policy is None or policy.document is None:
            return
        explained = explain_layer(request, Policies(identity=(NamedPolicy(policy.document),)), Layer.IDENTITY)
        result = explained.result
        if result is LayerResult.ALLOWED and ":assumed-role/" in denial.principal and _I_HAVE.search(text):
            return  # the author's own policy, perhaps
        if result is LayerResult.ALLOWED:
            if name in _ADMINISTRATORS and askers_own_rights(denial):
                return  # the author's own policy
            then = (
                ", so it was not in effect for the caller at that time: it may be attached to another identity, or "
                "since then"
                if denial.stated_reason == _LACKED
                else ""
            )
            through = "" if denial.stated_reason else _through_an_endpoint(name, action, text)
            if name in printed and not denial.stated_reason and not through:
                through = _above(name, request, text)
            yield Finding(None, f"the attached policy {name} contains {action}{then}", through, leads=bool(through))
        if result is not LayerResult.IMPLICIT_DENY:
            return
        if any(names_action(each, action) for each in policy.document.statements):
            where = " on this resource"
        under += [(name, each) for each in explained.near_misses[:1] if each.conditions]
    if under:
        yield under_conditions(action, *under[0])
        return
    said = f"none of the attached AWS managed policies allows {action}{where}: {listing(names, limit=8)}"
    yield Finding(
        f"identity.{Fault.NO_ACTION.value}",
        said,
        f"In the text, {said}.{_sign_in_works(denial, action, text)}",
        fix=fix_of_caller(denial, action),
    )


_ASKS_ABOUT_SIGN_IN = regex(
    r"\b(?:SSO|sign-?in|log-?in|credentials?|profile|set-?up|config(?:ured?|uration)?)\b[^.?\n]{0,40}"
    r"\b(?:wrong|broken|fail\w*|right|correct\w*|work\w*)\b[^.?\n]{0,40}\?"
    r"|\b(?:wrong|broken|right|correct)\b[^.?\n]{0,20}\b(?:SSO|sign-?in|log-?in|credentials?|profile|set-?up)\b"
    r"[^.?\n]{0,20}\?",
    re.IGNORECASE,
)


def _sign_in_works(denial: Denial, action: str, text: str) -> str:
    """Return a sentence that the sign-in works, if the author asks about that and AWS names the session; else ""."""
    if ":assumed-role/" not in (denial.principal or "") or _ASKS_ABOUT_SIGN_IN.search(text) is None:
        return ""
    return (
        " The sign-in works, because AWS names the session. Test the sign-in with aws sts get-caller-identity, "
        f"which needs no permission; {action} is needed only for this call."
    )


def _printed(text: str, caller: str) -> Iterator[str]:
    """Yield the AWS managed policies that the AWS CLI listed as attached to the caller, if it printed them."""
    _, kind, name = identity_of(caller)
    for made in outputs(text) if kind in ("user", "role") else ():
        if made.operation == f"list-attached-{kind}-policies" and made.options.get(f"{kind}-name") == name:
            listed = (*made.values("PolicyName"), *(arn.rpartition("/")[2] for arn in made.values("PolicyArn")))
            yield from (each for each in dict.fromkeys(listed) if each in _by_name())


def names_managed(text: str) -> bool:
    """Return whether the text names an attached AWS managed policy without listing its actions."""
    lines = (each for each in _AWS_NAMED.finditer(text) if each[0] in _by_name())
    return next(lines, None) is not None


_AWS_NAMED = regex(r"(?<![\w-])(?:Amazon|AWS|Cloud[Ww]atch|IAM|ReadOnly|PowerUser)[A-Za-z0-9_-]{4,80}(?![\w-])")
_LACKED = "implicit:identity"
_ENDPOINT = regex(
    r"\bVPC endpoints?\b|\bvpce-[0-9a-f]{8,17}\b|\bendpoint polic(?:y|ies)\b|\bcom\.amazonaws\.[a-z0-9-]+\.[a-z]"
)


def _through_an_endpoint(name: str, action: str, text: str) -> str:
    """Return a sentence on the policy of the VPC endpoint that the text mentions; "" if it mentions none.

    Amazon VPC User Guide, "Control access to VPC endpoints using endpoint policies"
    (https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html).
    """
    if not _ENDPOINT.search(text):
        return ""
    return (
        f"The text names a VPC endpoint, and {name} allows {action}. Check the endpoint's policy first: it must "
        "allow the action, too. Otherwise look for a Deny in an SCP or a permissions boundary."
    )


_NO_BOUNDARY = regex(r"\bPermissionsBoundary\b[^\n]{0,40}\n?\s*(?:null|None)\b|\bno (?:permissions )?boundary\b")
_WITHOUT_RESOURCE_POLICIES = ("ec2", "cloudwatch", "rds", "autoscaling", "ce", "config", "cloudtrail", "iam")
"""Services whose read and list actions no resource-based policy decides, for example Amazon EC2."""


def _above(name: str, request: Request, text: str) -> str:
    """Return what may refuse a call that a policy allows which the AWS CLI listed as attached to the caller.

    IAM User Guide, "Policy evaluation logic": an SCP and a permissions boundary limit what policies allow
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
    """
    _, _, who = identity_of(request.principal or "")
    boundary = "" if _NO_BOUNDARY.search(text) else ", a permissions boundary"
    service = request.action.partition(":")[0].lower()
    own = "" if service in _WITHOUT_RESOURCE_POLICIES else ", the resource's own policy"
    return (
        f"{name}, which the text lists as attached to {who}, allows {request.action}: another Allow does not help. "
        f"Most likely an SCP of the organization refuses the call (for example by Region){boundary}{own}, or a Deny in "
        "the caller's policies. Ask the organization's administrators which SCPs apply to the account."
    )


def named_as_attached(text: str) -> Iterator[Document]:
    """Yield the documents of the AWS managed policies whose ARNs the text names, unless it says they are missing."""
    for found in _MANAGED_ARN.finditer(text):
        policy = None if _NOT.search(_sentence(text, found)) else find(_by_name().get(found["name"], ""))
        if policy is not None and policy.document is not None:
            yield policy.document


_MANAGED_ARN = regex(r"arn:[\w-]+:iam::aws:policy/(?:[\w+=,.@-]+/)*(?P<name>[\w+=,.@-]*\w)")
_I_HAVE = regex(r"\bI(?:'ve| have| am| do)\b[^\n.]{0,40}\b[A-Z]\w*Access\b")


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    return {arn.rpartition("/")[2]: arn for arn in arns()}


def _sentence(text: str, found: re.Match[str]) -> str:
    """Return the sentence or line that contains these words, with its closing punctuation."""
    start = max(text.rfind(sign, 0, found.start()) for sign in ("\n", ". ", "? ", "! "))
    return text[start + 1 : found.end() + 1]
