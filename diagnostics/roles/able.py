"""Find the roles that may do something, or that somebody may assume: the filter's ``can:`` and ``assume:``.

Boundaries, SCPs and Denies count, as in who-can and in the ways to assume a role. Policies are read: call it in a
worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from diagnostics.assumptions import Assumptions, ask_assuming
from diagnostics.roles.filter import RoleFilter
from diagnostics.use.assuming import ways_assuming
from diagnostics.use.side import calling_side, side_of
from diagnostics.use.way import SessionValues
from iam.account import Account
from iam.questions.answers import AccessVerdict
from iam.questions.catalogue import catalogue
from iam.questions.index import AccountIndex, index_of
from iam.questions.who_can import QuestionError, who_can
from iam.sources.reader.account_reader import AccountReader
from iam.words import listing

LEVELS: Mapping[str, str] = {
    "list": "List",
    "read": "Read",
    "write": "Write",
    "tagging": "Tagging",
    "permissions": "Permissions management",
}
"""The access levels of AWS's actions, keyed by the word that the filter uses for each level.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
"""


ME = "me"
"""The word in the filter for the caller."""


@dataclass(frozen=True, slots=True)
class AbleRoles:
    """The names of roles that are allowed, also under conditions (``may``).

    ``unknown`` are the names of roles for which too much data could not be read to decide.
    """

    may: frozenset[str]
    unknown: frozenset[str]


def able_roles(index: AccountIndex, value: str, assumptions: Assumptions) -> AbleRoles:
    """Return the roles that may do ``s3:write`` or ``iam:PassRole`` on some resource. Raises `QuestionError`."""
    service, _, rest = value.partition(":")
    level = LEVELS.get(rest.lower())
    action = f"{service}:*" if level else value
    if not level and not catalogue().matching(action.lower()):
        raise QuestionError(f"can:{value} names neither an action that AWS lists nor one of {listing(tuple(LEVELS))}.")
    answer, _ = ask_assuming(lambda known: who_can(index, action, "*", known), {}, assumptions.for_request(action, "*"))
    wanted = catalogue().level(level) & catalogue().service(service.lower()) if level else 0
    may: set[str] = set()
    unknown: set[str] = set()
    for one in answer.principals:
        if one.kind != "role" or (level and not one.action_set & wanted):
            continue
        if one.granted:
            may.add(one.name)
        elif one.verdict is AccessVerdict.UNKNOWN:
            unknown.add(one.name)
    return AbleRoles(frozenset(may), frozenset(unknown))


def assumable_roles(account: Account, reader: AccountReader, who: str, assumptions: Assumptions) -> AbleRoles:
    """Return the roles that ``me``, or a role or user of the account, may assume (`RoleWays.best`).

    Raises `QuestionError` for a name that the account does not have.
    """
    side = calling_side(account, reader) if who.lower() == ME else side_of(_arn_of(who, account), account, reader)
    if side is None:
        raise QuestionError("assume:me needs your identity, which could not be read.")
    may: set[str] = set()
    unknown: set[str] = set()
    for role in account.roles:
        if role.trust is None:
            unknown.add(role.name)
            continue
        ways, _, _ = ways_assuming(
            role, side, account, SessionValues(), assumptions.for_request("sts:AssumeRole", role.arn)
        )
        if ways.best is not None:
            (may if ways.best.works or ways.best.hangs_on else unknown).add(role.name)
    return AbleRoles(frozenset(may), frozenset(unknown))


def filtered_roles(
    account: Account, reader: AccountReader, wanted: RoleFilter, assumptions: Assumptions
) -> list[AbleRoles]:
    """Return the roles for each ``can:`` and ``assume:`` in a filter. Raises `QuestionError`."""
    able = [able_roles(index_of(account, reader), each, assumptions) for each in wanted.can]
    return able + [assumable_roles(account, reader, each, assumptions) for each in wanted.assume]


def _arn_of(name: str, account: Account) -> str:
    found = account.role(name) or account.user(name)
    if found is None:
        raise QuestionError(f"assume:{name} names no role or user of the account; assume:me means you.")
    return found.arn


__all__ = ["AbleRoles", "QuestionError", "able_roles", "assumable_roles", "filtered_roles"]
