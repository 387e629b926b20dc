"""Causes for callers that have AdministratorAccess, and for users whose key AWS found exposed.

AWS Managed Policy Reference, AdministratorAccess (every action on every resource):
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html; AWSCompromisedKeyQuarantineV3
(applied if a user's credentials were exposed; to be followed up in the support case, not removed):
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import lru_cache

from diagnostics.claims.kinds import Quotes, Says, Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, WHO_AM_I, contains, reading
from diagnostics.text.causes.denials.parts_of_the_denial import ADMIN, Signs
from diagnostics.text.read.messages.additions_to_message import identity_answered, stated_in
from diagnostics.who import Who
from iam.arn import identity_of, name_of
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_QUARANTINE = "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"
_NAMED = r"\bAWSCompromisedKeyQuarantine(?:V\d)?\b"
_IF_EXPOSED = "AWSCompromisedKeyQuarantine (V2, V3), which AWS attaches to a user whose key was exposed"
_REPLACE_THE_KEY = (
    "Replace the key, find out what was done with it, and follow the support case that AWS opened. Remove the policy "
    "only after these steps."
)


@lru_cache(1)
def _quarantined() -> tuple[str, ...]:
    """The actions that the policy denies, in lower case."""
    from iam import aws_managed_policies  # its list is big, and few texts need it

    policy = aws_managed_policies.find(_QUARANTINE)
    statements = policy.versions[0].document.statements if policy is not None else ()
    return tuple(action.lower() for each in statements for action in each.action or ())


def _is_quarantined(action: str) -> bool:
    return any(fnmatchcase(action, each) for each in _quarantined())


def quarantine(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text names the quarantine policy for exposed keys, and that policy denies the action."""
    if signs.layer not in ("", "identity") or not (said := signs.quote(_NAMED)) or not _is_quarantined(signs.action):
        return
    yield FirstLook(
        f"{said} denies {signs.denial.action}: AWS attaches this policy to a user whose access key was found exposed, "
        f"and no Allow can help. {_REPLACE_THE_KEY}",
        contains(said),
        _attached(signs),
        Who.ACCOUNT_ADMIN,
    )


# Amazon GuardDuty User Guide, "GuardDuty IAM finding types": where activity is unexpected, the credentials may be
# compromised (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-iam.html).
_KEY = regex(r"\"accessKeyId\"\s*:\s*\"(?P<key>A[KS]IA\w{8,28})\"")
_REGION = regex(rf"\"awsRegion\"\s*:\s*\"(?P<region>{REGION_NAME})\"")
_ACCELERATED = r"\"instanceType\"\s*:\s*\"(?P<type>(?:p|g|trn|inf|dl)\d\w*\.\w+)\""


def perhaps_stolen_key(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if events show that a key launches GPU instances in several Regions: it may be stolen."""
    if signs.action != "ec2:runinstances" or not signs.user or not (said := signs.quote(_ACCELERATED)):
        return
    text = signs.denial.text
    keys, regions = ({each[1] for each in form.finditer(text)} for form in (_KEY, _REGION))
    if len(keys) != 1 or len(regions) < _SEVERAL:
        return
    key = keys.pop()
    yield FirstLook(
        f"Grant nothing yet: one access key of {signs.user} tries to launch GPU instances in {len(regions)} Regions, "
        f"which looks like a stolen key. If {signs.user} did not intend this, deactivate {key} (aws iam "
        f"update-access-key --user-name {signs.user} --access-key-id {key} --status Inactive), and find out what the "
        "key did: calls whose events have no errorCode succeeded.",
        contains(said),
        reading("cloudtrail", "lookup-events", ("lookup-attributes", f"AttributeKey=AccessKeyId,AttributeValue={key}")),
        Who.ACCOUNT_ADMIN,
    )


_SEVERAL = 2
"""The minimum number of Regions that makes the launches of one key unusual."""


def perhaps_quarantined(signs: Signs) -> Iterator[FirstLook]:
    """Yield the quarantine policy for exposed keys as a possible origin of a Deny in a user's own policies."""
    if signs.user and signs.layer == "identity" and signs.denied_explicitly and _is_quarantined(signs.action):
        yield FirstLook(
            "If the list has AWSCompromisedKeyQuarantine (V2, V3), AWS attached it because an access key of the user "
            f"was found exposed. {_REPLACE_THE_KEY}",
            signs.caller_is,
            _attached(signs),
            Who.ACCOUNT_ADMIN,
        )


def _attached(signs: Signs) -> str | None:
    return reading("iam", "list-attached-user-policies", ("user-name", signs.user or "USER"))


def _launch(signs: Signs) -> str:
    """Return the action of a launch that the text reports, even without the action's name; "" if there is none."""
    return "ec2:runinstances" if signs.says(r"\blaunching source instance\b|\bRunInstances\b") else ""


def nothing_is_missing(signs: Signs) -> Iterator[FirstLook]:
    """Yield what may deny an administrator's call to EC2, if AWS names neither the caller nor the reason.

    Only for EC2: other services may have resource-based policies or rules of their own.
    """
    said, action = signs.administrator, signs.action or _launch(signs)
    if not said or signs.layer or signs.denied_explicitly or signs.denial.principal or not action.startswith("ec2:"):
        return  # other services may have resource-based policies or their own rules
    exposed = (
        f" Among the policies, first look for {_IF_EXPOSED}, and which denies this call. {_REPLACE_THE_KEY}"
        if _is_quarantined(action)
        else ""
    )
    yield FirstLook(
        f"{ADMIN} allows every action, so no Allow is missing. Either other credentials made the call (aws sts "
        "get-caller-identity), or a Deny in the caller's policies, a permissions boundary or an SCP refuses "
        f"it.{exposed}",
        contains(said),
        _attached(signs),
        Who.ACCOUNT_ADMIN,
    )


# IAM User Guide, "Changes that I make are not always immediately visible"
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
_TAKES_TIME = " A new user or policy takes a few seconds to take effect: try again first."
_NEW = r"\b(?:just|newly|fresh\w*|a new|I (?:have )?(?:created?|made|gave|added|attached))\b"
_ELSEWHERE = regex(
    r"\bwork(?:s|ed|ing)?\b|\bconsole\b|\bfine\b|\bsucce\w+|\brole\b|\bother\b|\bcolleague", re.IGNORECASE
)
"""Words that show that a line is about a call that works, or about somebody else."""
_USERS = r"\busers?\b|\bmy account\b|\baccess keys?\b|\bI(?:['’]m| am| have|['’]ve)\b"
_OTHER_ROLE = r"\b(?:execution|task|instance|node|service|build) role\b|\blambda\b|\bassum(?:e|ing)\b"
"""Words that show that a role other than the administrator's may make the call."""


def lacks_no_allow(signs: Signs) -> Iterator[FirstLook]:
    """Yield what may deny an administrator's call to any service, if AWS names neither the caller nor the reason."""
    said, denial = signs.administrator, signs.denial
    if not said or signs.alone or signs.layer or denial.principal or denial.encoded_message or denial.claims_trust:
        return
    if stated_in(denial.text) is not None:
        return  # a service refuses for a reason of its own
    if any(said in line and _ELSEWHERE.search(line) for line in denial.text.splitlines()):
        return
    if signs.action.startswith("sts:") or signs.says(_OTHER_ROLE) or any(nothing_is_missing(signs)):
        return
    unknown = not signs.action and not denial.operation
    exposed = (
        f" If it is a user, look for {_IF_EXPOSED}. {_REPLACE_THE_KEY}"
        if signs.says(_USERS) and (unknown or _is_quarantined(signs.action))
        else ""
    )
    yield FirstLook(
        f"{ADMIN} allows every action, so no Allow is missing if the caller has it: a Deny, an SCP, a permissions "
        f"boundary or the resource's own policy refuses the call.{exposed} The check shows who makes the "
        f"call.{_TAKES_TIME if signs.says(_NEW) else ''}",
        contains(said),
        WHO_AM_I,
        Who.ACCOUNT_ADMIN,
    )


_HANDED_OVER = regex(
    r"\b\w*role\w*[\"']?\s*[:=]\s*[\"']?(?P<arn>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)", re.IGNORECASE
)


def administrator(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause of a denial although the text says that a principal has AdministratorAccess."""
    said = signs.administrator
    if not said or signs.layer not in ("", "identity") or signs.action.startswith("sts:"):
        return
    because = contains(said)
    handed = _HANDED_OVER.search(signs.denial.text)
    if handed and not signs.layer and signs.action != "iam:passrole":
        name = handed["arn"].rpartition("/")[2]
        yield FirstLook(
            f"The call passes the role {name} to a service: check that the role exists under exactly this ARN, and "
            "that it trusts the service. Some services give this answer if they cannot use the role.",
            contains(handed["arn"], said),
            reading("iam", "get-role", ("role-name", name), query="Role.Arn"),
            Who.CALLER,
        )
    present, who = identity_answered(signs.denial.text), signs.role or signs.user
    if present is not None and who and identity_of(present) != identity_of(signs.denial.principal or ""):
        # The text answers it: the refused caller is not the one that has the policy.
        yield FirstLook(
            f"{name_of(present)} is not the caller: the call was made by {who}, whose own policies decide. {ADMIN} in "
            f"{name_of(present)} makes no difference.",
            because,
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
    elif signs.layer and who and signs.says(rf"\b{re.escape(who)}\b[^.\n]{{0,40}}{re.escape(said)}"):
        # IAM User Guide, "Changes that I make are not always immediately visible" (see `_TAKES_TIME`).
        yield FirstLook(
            f"The text says that {who} has {ADMIN}, but AWS says that none of the caller's own policies allows this "
            f"call. Check whether {ADMIN} is attached to the caller in the caller's account (this check). If it was "
            "attached a moment ago, try again after a minute.",
            because,
            signs.lists_policies or signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
    elif signs.layer and who:
        yield FirstLook(
            f"{who} made the call, and does not have {ADMIN}, which allows every action: AWS says that none of the "
            f"caller's own policies allows it. Allow {who} this action, or find out who has {ADMIN}.",
            Sentence(
                f"the text contains “{said}”, and the caller is {who}", (Quotes(said), Says(TextPart.PRINCIPAL, who))
            ),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
