"""Find a value of aws:PrincipalArn that is meant for the caller but does not match, and the correct value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS
from diagnostics.fix import Fix, Note
from diagnostics.who import OWNERS, Who
from iam.arn import identity_of, name_of
from iam.lazy_pattern import regex
from iam.policy.request import Request

UNKNOWN_REGION = "[REGION/]"
"""The Region in the path of a permission set's role. It is unknown, and the path may lack it."""


class Condition(Protocol):
    """A condition of a statement with the request's value, whether or not the request meets the condition."""

    @property
    def key(self) -> str: ...
    @property
    def wanted(self) -> tuple[str, ...]: ...
    @property
    def had(self) -> tuple[str, ...] | None: ...


@dataclass(frozen=True, slots=True)
class Misnamed:
    """A value that was meant for the caller. ``problem`` is a clause that says what is wrong with the value.

    ``of_nobody``: no value of the condition matches any principal.
    """

    problem: str
    fix: Fix
    of_nobody: bool = False


def misnamed(condition: Condition, request: Request, word: str) -> Misnamed | None:
    """Return the value that names the caller's role in a form that never matches the role; None if there is none."""
    if condition.key.lower() != "aws:principalarn":
        return None
    owner = OWNERS.get(word, Who.RESOURCE_OWNER)
    place = f"the {LAYERS_IN_WORDS.get(word, 'policy')} in the text"
    return (
        _of_a_session(condition, request, owner, place)
        or _renewed(condition, request, owner, place)
        or _without_path(condition, request, owner, place)
    )


_SESSION = regex(r"arn:(?P<partition>[\w-]+):sts::(?P<account>[^:]*):assumed-role/(?P<role>[^/]+)(?:/.*)?")


def _of_a_session(condition: Condition, request: Request, owner: Who, place: str) -> Misnamed | None:
    """Return a value that is the ARN of a session of the caller's role: aws:PrincipalArn is always the role's own ARN.

    IAM User Guide, "AWS global condition context keys", aws:PrincipalArn
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
    """
    role = identity_of(request.principal or "")[2]
    found = [each for value in condition.wanted if (each := _SESSION.fullmatch(value)) is not None]
    named = next((each for each in found if re.fullmatch(re.escape(each["role"]).replace(r"\*", ".*"), role)), None)
    if named is None or ":assumed-role/" not in (request.principal or ""):
        return None
    had = condition.had[0] if condition.had else ""
    known = had if UNKNOWN_REGION not in had and "*" not in named["role"] else ""
    right = known or f"arn:{named['partition']}:iam::{named['account']}:role/{named['role']}"
    also = " Also correct the other session ARNs in the condition." if len(found) > 1 else ""
    text = (
        f"Write {right} instead of {named[0]}, with the role's path if the role has one. aws:PrincipalArn is the "
        f"ARN of the role, whatever the session's name.{also}"
    )
    of_nobody = len(found) == len(condition.wanted)
    so = ", so the condition names nobody" if of_nobody else ""
    problem = f"{named[0]} is a session's ARN, which aws:PrincipalArn never has{so}"
    return Misnamed(problem, Fix("Name the role's own ARN in the condition", owner, Note(place, text)), of_nobody)


_SUFFIX = regex(r"_[0-9a-f]{16}$")


def _renewed(condition: Condition, request: Request, owner: Who, place: str) -> Misnamed | None:
    """Return a former name of the role of the caller's permission set, with another suffix; None if no value has one.

    A permission set that is created again gets a role with another suffix (IAM Identity Center User Guide, "Referencing
    permission sets in resource policies":
    https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html).
    """
    role = identity_of(request.principal or "")[2]
    begin = _SUFFIX.sub("", role)
    if begin == role or not role.startswith(_RESERVED):
        return None
    former = (each for each in condition.wanted if _SUFFIX.sub("", each).rpartition("/")[2] == begin)
    named = next((each for each in former if each.rpartition("/")[2] not in (role, begin)), None)
    if named is None:
        return None
    text = (
        f"Write {_pattern(named)} in place of {named}, with ArnNotLike or ArnLike. A permission set that is "
        "created again has a role with a new suffix. Look for the old name in other policies, too."
    )
    fix = Fix(f"Let the condition match every role {begin}_*", owner, Note(place, text))
    return Misnamed(f"the caller's role is {role}, which is of the same permission set but has another suffix", fix)


_RESERVED = "AWSReservedSSO_"
_PATH = "aws-reserved/sso.amazonaws.com/"


def _without_path(condition: Condition, request: Request, owner: Who, place: str) -> Misnamed | None:
    """Return a value that matches the role's ARN only without the role's path; None for a user or the account's root.

    Every role of a permission set has a path, so that such a value is found if the path is unknown, too. The correction
    matches the path and the suffix by wildcards (the page of `_renewed`).
    """
    had = condition.had[0] if condition.had else ""
    arn = had.replace(UNKNOWN_REGION, "")
    if arn and ":role/" not in arn:
        return None
    front, _, rest = arn.partition(":role/")
    bare = f"{front}:role/{rest.rpartition('/')[2] or identity_of(request.principal or '')[2]}"
    named = next((each for each in condition.wanted if _is_bare(each, bare, arn)), None)
    if named is None:
        return None
    of_a_set = f":role/{_RESERVED}" in named or rest.startswith(_PATH)
    if of_a_set and (not arn or arn != had or named != bare):
        correction = f"{named} has no path, but the role of a permission set has a path."
    else:
        correction = f"The role is {arn}, but {named} has no path: write the ARN with the path in the condition."
    if of_a_set:
        correction += (
            f" Write {_pattern(named)} with ArnLike or ArnNotLike, so that the condition still matches after the "
            "permission set is created again."
        )
    text = f"{correction} No policy of the caller can change that."
    fix = Fix("Name the role with its path in the condition", owner, Note(place, text))
    return Misnamed("the role has a path, which the condition does not contain", fix)


def _pattern(value: str) -> str:
    """Return the value with the path of a permission set's role, and with wildcards for the Region and the suffix."""
    return _SUFFIX.sub("_*", re.sub(rf":role/(?!{re.escape(_PATH)})", f":role/{_PATH}*", value))


def _is_bare(value: str, bare: str, arn: str) -> bool:
    """Return whether the value matches only the ARN without its path, ``bare``; ``arn`` is "" if it is unknown."""
    if not arn:
        return f":role/{_RESERVED}" in value and fnmatchcase(name_of(bare), name_of(value))
    return fnmatchcase(bare, value) and not fnmatchcase(arn, value)


def names_root(values: Sequence[str] | None) -> bool:
    """Return whether these are ARNs of an account's root user."""
    return bool(values) and all(each.endswith(":root") for each in values or ())
