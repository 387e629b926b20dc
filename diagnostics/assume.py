"""The principals that can assume a role, and the roles that it can assume, described in words.

The answers are those of `iam.questions`. If conditions depend on values that only a real call has (MFA, an external ID,
a source), the answer names their keys and says "under conditions".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from diagnostics.sentences import principal_phrase
from iam.account import Role
from iam.policy.unknown_keys import Judged
from iam.questions.answers import AccessVerdict, PrincipalAnswer, WhoCan
from iam.questions.index import AccountIndex
from iam.questions.who_can import can_assume, can_pass, who_can

ASSUME = "sts:AssumeRole"
_FEDERATED = ("sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML")
_POLICY_WORDS = {
    "service": "Service",
    "provider": "Federated",
    "canonical-user": "CanonicalUser",
    "everyone": "*",
}


class MayAssume(StrEnum):
    YES = "yes"
    CONDITIONS = "under conditions"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Assumer:
    """A principal that can assume a role, or a role that can be assumed.

    ``arn`` is None for services, providers and other accounts, which ``title`` names. ``note`` describes the
    conditions, or what is unknown. ``step`` is how the rights are obtained (assume the role, pass it to a service,
    change it, run code as it); "" if it is the action that was asked about. ``statements`` allow it; ``unless`` are
    Deny statements that may match. ``gives`` describes the actions that give the rights, "" if the role is assumed.
    """

    title: str
    answer: MayAssume
    note: str = ""
    arn: str | None = None
    step: str = ""
    statements: tuple[Judged, ...] = ()
    unless: tuple[Judged, ...] = ()
    gives: str = ""

    def with_answer(self, answer: MayAssume, note: str) -> Assumer:
        return replace(self, answer=answer, note=note)


def assumers(role: Role, index: AccountIndex, assuming: WhoCan | None = None) -> tuple[Assumer, ...]:
    """Return everyone who can assume the role: services, providers and other accounts, then users and roles.

    ``assuming`` is the answer for sts:AssumeRole if it is already known. May block.
    """
    first = assuming or who_can(index, ASSUME, role.arn)
    answers = [first, *(who_can(index, action, role.arn) for action in _FEDERATED)]
    outside = {one.arn: one for answer in reversed(answers) for one in answer.others}
    unread = " ".join(dict.fromkeys(reading.why for reading in answers[0].unread))
    return (
        *(_assumer(one, _phrase(one), unread, arn=None, step=STEP_ASSUME) for one in outside.values()),
        *(
            _assumer(one, f"{one.kind} {one.name}", unread, step=STEP_ASSUME)
            for one in answers[0].principals
            if one.arn != role.arn
        ),
    )


def able(answer: WhoCan) -> tuple[Assumer, ...]:
    """Return who may do what was asked, also under conditions: first the account's principals, then others."""
    unread = " ".join(dict.fromkeys(reading.why for reading in answer.unread))
    return (
        *(_assumer(one, f"{one.kind} {one.name}", unread) for one in answer.principals),
        *(_assumer(one, _phrase(one), unread, arn=None) for one in answer.others),
    )


def assumable_roles(role: Role, index: AccountIndex) -> Iterator[Assumer | None]:
    """Yield the roles of the account that this role may assume, and None for each role that it may not. May block."""
    for found in can_assume(index, role.arn):
        if found is None or found[0].arn == role.arn:
            yield None
        else:
            other, answer = found
            yield _assumer(answer, f"role {other.name}", "", arn=other.arn, step=STEP_ASSUME)


def reachable_roles(principal_arn: str, index: AccountIndex) -> tuple[Assumer, ...]:
    """Return the roles that a role or user may assume, then those that it may pass to a service. May block."""
    return tuple(
        _assumer(answer, f"role {other.name}", "", arn=other.arn, step=step)
        for step, ask in ((STEP_ASSUME, can_assume), (STEP_PASS, can_pass))
        for other, answer in filter(None, ask(index, principal_arn))
        if other.arn != principal_arn
    )


STEP_ASSUME = "may assume it"
STEP_PASS = "may pass it"
STEP_WRITE = "may change it"
STEP_RUN = "may run code as it"


def _assumer(one: PrincipalAnswer, title: str, unread: str, *, arn: str | None = "", step: str = "") -> Assumer:
    where = one.arn if arn == "" else arn
    made = Assumer(title, MayAssume.YES, "", where, step, one.statements, one.unless)
    unread = " ".join(reading.why for reading in one.unread) or unread
    if one.verdict is AccessVerdict.UNKNOWN:
        return replace(made, answer=MayAssume.UNKNOWN, note=one.rule or unread)
    if one.verdict is AccessVerdict.CONDITIONAL:
        return replace(made, answer=MayAssume.CONDITIONS, note=f"conditions on {', '.join(_keys(one))}")
    if unread:
        return replace(made, answer=MayAssume.UNKNOWN, note=f"as far as it could be read: {unread}")
    return made


def _keys(one: PrincipalAnswer) -> tuple[str, ...]:
    statements = (*one.statements, *one.unless)
    keys = [block.key for statement in statements for block in statement.conditions]
    keys += [key for statement in statements for key in statement.variables]
    return tuple(dict.fromkeys(keys))


def _phrase(one: PrincipalAnswer) -> str:
    if one.kind == "everyone" and one.name != "*":
        return one.name
    return principal_phrase(_POLICY_WORDS.get(one.kind, "AWS"), one.name)
