"""Causes from what differs: the call works for another caller, with other values, or in other accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import WHO_AM_I, contains, excerpt, reading
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.resources.closed_account import closed_account
from diagnostics.who import Who
from diagnostics.words import ACTION_NAME
from iam.lazy_pattern import regex
from iam.passed_roles import principal_passed_to
from iam.service_reference import action as known_action

_VALUES = (
    r"(?:role ARNs?|roles?|key(?: ARN| ID)?s?|tables?|buckets?|queues?|topics?|functions?|models?|agents?|secrets?"
    r"|parameters?|repository|repositories|clusters?|instances?|subnets?|security groups?|images?|streams?"
    r"|state machines?)"
)
_SOME_VALUES = regex(
    rf"\b(?:with|for|on|in) (?:some|certain|a few|one|two)(?: of (?:the|our))? (?P<some>{_VALUES})\b[^.\n]{{0,70}}?"
    r"\b(?:with|for|on|in|but|the) (?:the )?(?:others?|rest|remaining|most)\b"
    r"|\b(?:works?|worked|succeeds?|is fine|are fine|passes)\b[^.\n]{0,20}\b(?:with|for|on|in) "
    rf"(?:all |the |most |every )*others? (?P<other>{_VALUES})\b"
    rf"|\b(?:with|for|on|in) (?:all |the |most |every )*others? (?P<before>{_VALUES})\b[^.\n]{{0,30}}"
    r"\b(?:works?|succeeds?|is fine|are fine|passes|no (?:problem|error))"
    rf"|\b(?:all|the|most) other (?P<all>{_VALUES}) (?:work|succeed|are fine|pass)\b"
    rf"|\bonly (?:with|for|on|in) (?:some|certain|a few|these|this|one)(?: of (?:the|our))? (?P<only>{_VALUES})\b",
    re.IGNORECASE,
)
_NOT = regex(r"\b(?:not|never|used to|should|would|if)\b|n['’]t\b|\?", re.IGNORECASE)
_TAKES_ROLE = regex(r"[a-z_-][rR]ole_?-?[aA]rn\b|\brole ARNs?\b")


def some_values_pass(signs: Signs) -> Iterator[FirstLook]:
    """Yield the value as the cause if the text says that the same call works with other values.

    IAM User Guide, "Grant a user permissions to pass a role to an AWS service"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html).
    """
    if signs.alone or not signs.action or signs.denied_explicitly or signs.layer not in ("", "identity"):
        return
    text = signs.denial.text
    found = next((each for each in _SOME_VALUES.finditer(text) if not _is_negated(text, each)), None)
    if found is None:
        return
    kind = next(value for value in found.groupdict().values() if value).lower()
    name = signs.denial.action or "the action"
    if kind.startswith("role"):
        if principal_passed_to(signs.action) or _TAKES_ROLE.search(text):
            yield from _of_role(signs, name, found[0])
        return
    if not _acts_on(signs, kind):
        return  # it works for other callers
    yield FirstLook(
        f"According to the text, {name} works with other resources, so look at what differs in the resources that "
        "fail. Check that these exist in this account and Region under exactly this name, that the Allow's Resource "
        "covers them, and that they have the tags and the encryption key of the resources that work.",
        contains(excerpt(found[0])),
        None,
        Who.CALLER,
    )


def _of_role(signs: Signs, name: str, said: str) -> Iterator[FirstLook]:
    service = principal_passed_to(signs.action)
    trusted = f"the service ({service})" if service else "the service that uses it"
    yield FirstLook(
        f"According to the text, {name} works with other roles: check the role that the failing call names. This role "
        f"must exist in this account, with its path in the ARN. Its trust policy must name {trusted}, and the caller "
        f"needs iam:PassRole on this role. Even then, the message may name {name}.",
        contains(excerpt(said)),
        "aws iam get-role --role-name ROLE",
        Who.CALLER,
    )


def _acts_on(signs: Signs, kind: str) -> bool:
    """Whether AWS checks the denied action on resources of this kind."""
    known = known_action(signs.action)
    word = re.sub(r"[^a-z]", "", kind.removesuffix("ies") + "y" if kind.endswith("ies") else kind.rstrip("s"))
    return known is not None and any(word in re.sub(r"[^a-z]", "", each.name.lower()) for each in known.resource_types)


def _is_negated(text: str, found: re.Match[str]) -> bool:
    start = max(text.rfind("\n", 0, found.start()), text.rfind(". ", 0, found.start())) + 1
    return (
        _NOT.search(re.sub(r"\bothers? (?:\w+ )?not\b|\bnot with (?:the )?others?\b", "", text[start : found.end()]))
        is not None
    )


def of_closed_account(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that the account of the resource is closed or suspended."""
    if (found := closed_account(signs.denial)) is None:
        return
    yield FirstLook(
        f"{found.sentence} Let the program skip accounts that are not ACTIVE. To use the account again, have AWS "
        "Support reopen it within 90 days of its closure. No permission and no trust policy has to change.",
        contains(found.words),
        reading("organizations", "describe-account", ("account-id", found.account), query="Account.[State,Status]"),
        Who.ORG_ADMIN,
    )


_ANOTHER_PASSES = regex(
    r"(?:^|(?<=[.;,:\n]))\s*(?P<said>(?!it\b|this\b|that\b|which\b|everything\b|the same call\b|nothing\b)"
    r"(?P<who>[^.;,:\n]{3,70}?)\s+(?:(?:reads?|writes?|calls?|uses?|lists?|gets?|pulls?|opens?|runs?|running|sends?"
    r"|access(?:es)?)\b[^.;\n]{0,50}?\b(?:the )?same\b[^.;\n]{0,60}?|(?:has|have) )"
    r"(?:without (?:any )?(?:trouble|problems?|errors?|issues?)|(?:no|any) (?:trouble|problems?|issues?)|fine\b"
    r"|successfully))",
    re.IGNORECASE,
)
_LOCAL = regex(r"\b(?:laptops?|locally|local|workstations?|developers?|own machines?|desktop)\b", re.IGNORECASE)


def another_caller_passes(signs: Signs) -> Iterator[FirstLook]:
    """Yield the difference of the callers if the text says that another program or person does the same."""
    if signs.denied_explicitly or signs.alone or signs.layer not in ("", "identity"):
        return
    text = signs.denial.text
    found = next((each for each in _ANOTHER_PASSES.finditer(text) if not _NOT.search(each["said"])), None)
    if found is None:
        return
    named = {signs.denial.action} if signs.denial.action else set(ACTION_NAME.findall(text))
    if len(named) != 1:
        return
    name = named.pop()
    whose = f"the role {signs.role}" if signs.role else "the role of the program that fails"
    proves = (
        " A run on a person's machine uses that person's credentials, and proves nothing about the program's role."
        if _LOCAL.search(found["said"])
        else " If a customer managed KMS key encrypts the resource, this role needs kms:Decrypt on the key, too."
        if name.partition(":")[0] in _ENCRYPTED
        else ""
    )
    yield FirstLook(
        f"The call works for another caller (“{excerpt(found['said'])}”), so the resource exists, and {whose} most "
        f"likely lacks what that caller has: allow {name} for it. A grant to the other caller does not apply to "
        f"it.{proves}",
        contains(excerpt(found["said"])),
        WHO_AM_I,
        Who.ACCOUNT_ADMIN,
    )


_ENCRYPTED = ("secretsmanager", "s3", "sqs", "sns", "dynamodb", "ssm", "kinesis", "logs")
