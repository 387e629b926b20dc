"""Causes in a sign-in through IAM Identity Center: an unassigned permission set, or keys that are used instead.

Source: IAM Identity Center portal API, "GetRoleCredentials".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Mentions, Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import WHO_AM_I, contains, says
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.identities.config_sections import section_of
from diagnostics.who import Who
from iam.arn import name_of
from iam.lazy_pattern import regex
from iam.ownership import permission_set_of
from iam.words import listing

_NO_ASSIGNMENT = r"GetRoleCredentials\b[^\n]{0,160}?No access"
_WITHOUT_OPERATION = r"\bForbiddenException: No access\b(?! to)"
_SSO_ROLE = r"\bsso_role_name\s*=\s*((?:arn:[\w-]+:iam::\d{12}:role/(?:[\w+=,.@-]+/)*)?[\w+=,.@-]{0,63}[\w+=@-])"
_SSO_ACCOUNT = r"\bsso_account_id\s*=\s*(\d{12})\b"


def _written_otherwise(name: str, text: str) -> str:
    """The text's only other spelling of a name: in a different letter case, or its plural or singular; else ""."""
    words = {word for word in re.findall(r"[\w+=,.@-]*[\w+=@-]", text) if word != name}
    in_plural = (f"{name}s", name.removesuffix("s")) if re.search(r"[a-z][A-Z]|\w[-_]\w", name) else ()
    alike = {word for word in words if word.lower() == name.lower() or word in in_plural}
    return alike.pop() if len(alike) == 1 else ""


def _listed(role: str, account: str, text: str) -> str:
    """Return the entry for this role and account in an answer of ListAccountRoles in the text; "" if there is none."""
    for values, item in _items(text):
        if values.get("roleName") == role and values.get("accountId") == account:
            return " ".join(item.split())
    return ""


def _items(text: str) -> Iterator[tuple[dict[str, str], str]]:
    """Yield the items of ListAccountRoles in the text: roleName and accountId, and the item itself."""
    for item in re.findall(r"\{[^{}]*\broleName\b[^{}]*\}", text):
        yield dict(re.findall(r"\b(roleName|accountId)\W{1,6}([\w+=,.@-]+)", item)), item


_NO_PROSE = regex(r"[={}]|arn:")
_QUOTED = regex(r"[\"“'`](?P<name>[\w+=,.@-]{2,32})[\"”'`]")


def _shown_sets(account: str, text: str) -> tuple[str, ...]:
    """Return the account's permission sets: those that list-account-roles printed, or that a line of the text names.

    IAM Identity Center portal API Reference, "ListAccountRoles"
    (https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccountRoles.html).
    """
    from diagnostics.text.read.printed_values import outputs  # few denials are of permission sets

    made = [each for each in outputs(text) if each.operation == "list-account-roles"]
    printed = [name for each in made if each.options.get("account-id") == account for name in each.values("roleName")]
    items = [values["roleName"] for values, _ in _items(text) if values.get("accountId") == account]
    lines = [line for line in text.splitlines() if account in line and not _NO_PROSE.search(line)]
    quoted = ([each["name"] for each in _QUOTED.finditer(line)] for line in lines)
    named = [names[0] for names in quoted if len(names) == 1 and not names[0].isdecimal()]
    return tuple(dict.fromkeys(printed or items or named))


def _account_otherwise(account: str, text: str) -> str:
    """The only other account number in the text, if it differs in one digit or in the digits' order; else ""."""
    others = {each for each in re.findall(r"(?<!\d)\d{12}(?!\d)", text) if each != account}
    if len(others) != 1:
        return ""
    other = others.pop()
    differing = sum(1 for one, theirs in zip(account, other, strict=True) if one != theirs)
    return other if differing == 1 or (differing <= _SWAPPED and sorted(account) == sorted(other)) else ""


_SWAPPED = 3
"""The maximum number of digits that differ between an account number and the same number with swapped digits."""


_PROFILE = regex(r"--profile(?:[ \t]+|=)[\"']?(?P<name>[\w.@+/-]{1,64})")


def _setting(pattern: str, said: str, text: str) -> re.Match[str] | None:
    """Return a setting of the profile whose command was refused; None if the text does not show which it is.

    ``said`` are the words of the refusal.
    """
    before = [each["name"] for each in _PROFILE.finditer(text, 0, max(0, text.find(said)))]
    settings = section_of(before[-1], text) if before else ""
    found = list(re.finditer(pattern, settings or text))
    return found[0] if len({each[1] for each in found}) == 1 else None


def permission_set(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the sign-in succeeded but the permission set is not assigned.

    IAM Identity Center portal API, "GetRoleCredentials".
    """
    said = signs.quote(_NO_ASSIGNMENT) or (signs.quote(_WITHOUT_OPERATION) if signs.says(_SSO_PROFILE) else "")
    if not said:
        return
    role, account = (_setting(each, said, signs.denial.text) for each in (_SSO_ROLE, _SSO_ACCOUNT))
    if role and (permission_set := permission_set_of(name_of(role[1]))):
        yield FirstLook(
            f"sso_role_name is the permission set's name as Identity Center shows it, here most likely "
            f"{permission_set}, not the name of its IAM role ({role[1]}). Correct the profile first.",
            contains(role[1]),
            "aws configure list-profiles",
            Who.CALLER,
        )
        yield FirstLook(
            f"If the call is refused with that name too, the permission set {permission_set} is not assigned to this "
            f"person {'in account ' + account[1] if account else 'in the account of sso_account_id'}.",
            contains(said),
            None,
            Who.ORG_ADMIN,
        )
        return
    if role and (said_role := _of_an_iam_role(role[1])):
        yield FirstLook(said_role, contains(role[1]), None, Who.CALLER)
        return
    if account and (other := _account_otherwise(account[1], signs.denial.text)):
        right = _written_otherwise(role[1], signs.denial.text) if role else ""
        profile = f"sso_account_id = {account[1]}{f' and sso_role_name = {role[1]}' if role and right else ''}"
        shown = f"{other}{f' and {right}' if right else ''}"
        yield FirstLook(
            f"The profile says {profile}, but the text also has {shown}; the value must match exactly. If Identity "
            f"Center shows {shown}, correct the profile before you try anything else.",
            contains(other),
            None,
            Who.CALLER,
        )
        return
    if role and (shown := _written_otherwise(role[1], signs.denial.text)):
        in_list = re.search(rf"\broleName\b\W{{1,6}}{re.escape(shown)}\b", signs.denial.text)
        if in_list is not None:
            yield FirstLook(
                f"Write sso_role_name = {shown} in the profile: the name must match exactly, and the list in the text "
                f"has {shown} for this person, not {role[1]}. You need no permission and no new sign-in.",
                contains(" ".join(in_list[0].split())),
                None,
                Who.CALLER,
            )
            return
        yield FirstLook(
            f"The profile says sso_role_name = {role[1]}, but the text also has {shown}; the name must match "
            f"exactly. If Identity Center shows {shown}, correct the profile before you try anything else.",
            contains(shown),
            None,
            Who.CALLER,
        )
        return
    if role and account and (listed := _listed(role[1], account[1], signs.denial.text)):
        yield FirstLook(
            f"Sign out and in again (aws sso logout, then aws sso login): the list in the text has {role[1]} for "
            f"account {account[1]}. If the call is refused again, ask an administrator of Identity Center to remove "
            "this assignment and create it again.",
            contains(listed),
            None,
            Who.CALLER,
        )
        return
    if role and account and (others := _shown_sets(account[1], signs.denial.text)) and role[1] not in others:
        yield FirstLook(
            f"Write sso_role_name = {listing(others, 'or')} in the profile: the text shows this for account "
            f"{account[1]}, but the profile says {role[1]}. If {role[1]} is needed, an administrator of Identity "
            "Center has to assign it. The sign-in itself worked.",
            contains(others[0]),
            None,
            Who.CALLER,
        )
        return
    which = f"the permission set {role[1]}" if role else "the profile's permission set (sso_role_name)"
    where = f"account {account[1]}" if account else "the profile's account (sso_account_id)"
    yield FirstLook(
        f"The sign-in worked, but {which} is not assigned to this person in {where}: aws sso list-account-roles shows "
        "what is assigned. Correct the name or the account in the profile (letter case counts), or ask an "
        "administrator of Identity Center to assign it.",
        contains(said),
        None,
        Who.ORG_ADMIN,
    )


_MADE_BY_AWS = regex(r"AWSServiceRoleFor\w+|OrganizationAccountAccessRole|AWSControlTowerExecution")


def _of_an_iam_role(value: str) -> str:
    """Return what to write in sso_role_name, if its value is the name or the ARN of an IAM role; "" otherwise.

    AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider"
    (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
    """
    if not value.startswith("arn:") and _MADE_BY_AWS.fullmatch(value) is None:
        return ""
    name = name_of(value) if value.startswith("arn:") else value
    which = f"{name} is a service-linked role" if name.startswith("AWSServiceRoleFor") else f"{name} is an IAM role"
    return (
        f"Write the name of a permission set in sso_role_name, as the access portal shows it for this account: "
        f"{which}, and Identity Center gives credentials only of permission sets that are assigned to the person. If "
        "none is assigned, an administrator of Identity Center has to assign one. Change no policy."
    )


_SSO_PROFILE = r"\bsso_(?:session|role_name|account_id|start_url)\s*="


def signed_in(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a user's keys made the call although the text shows an Identity Center profile."""
    if not signs.user or signs.denied_explicitly or not signs.says(_SSO_PROFILE):
        return
    caller = says(f"the caller is the user {signs.user}", TextPart.PRINCIPAL, signs.user)
    account = re.search(_SSO_ACCOUNT, signs.denial.text)
    differs = account is not None and signs.caller is not None and signs.caller.account != account[1]
    other = f" of an account other than {account[1]}" if account and differs else ""
    yield FirstLook(
        f"The caller is the user {signs.user}{other}, but the profile in the text signs in with Identity Center: "
        "the call used other keys. Look for AWS_ACCESS_KEY_ID in the environment and for keys in the same "
        "profile, and check which profile the program uses.",
        Sentence(f"{caller.text}, and the text contains “sso_…”", (*caller.claims, Mentions(_SSO_PROFILE))),
        WHO_AM_I,
        Who.CALLER,
    )
