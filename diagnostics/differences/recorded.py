"""Find the recorded calls that a change would deny: those in a trail, evaluated before and after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from diagnostics.review.subject import ReviewedAccount
from diagnostics.right_size.calls import RolesById
from diagnostics.right_size.layers import role_layers
from diagnostics.right_size.replay import Replay, Replaying
from diagnostics.right_size.trail import RolesTrail
from iam.account import Account, Role
from iam.arn import account_of
from iam.foreign_text import visible
from iam.organization.accounts import Accounts
from iam.policy.document import PolicyError
from iam.words import plural


@dataclass(frozen=True, slots=True)
class Recorded:
    """The result of evaluating recorded calls.

    ``events`` is the number of records read, by any caller; ``roles`` are each role's calls with their results.

    ``problems`` are sentences about what could not be read or evaluated.
    """

    events: int
    roles: tuple[tuple[Role, Replay], ...]
    problems: tuple[str, ...]

    @property
    def calls(self) -> int:
        return sum(found.calls for _, found in self.roles)

    @property
    def refused(self) -> int:
        return sum(found.refused_calls for _, found in self.roles)


def recorded_calls(
    trail: RolesTrail,
    before: ReviewedAccount,
    after: ReviewedAccount,
    progress: Callable[[int], None] = lambda _: None,
) -> Recorded:
    """Evaluate the recorded calls of roles that exist in both states, one at a time. May block."""
    replaying: dict[str, tuple[Role, Replaying]] = {}
    broken: dict[str, str] = {}
    known = RolesById(role for role in before.account.roles if after.account.role(role.arn) is not None)
    for role, call in trail.by_role(known, lambda coverage, _: progress(coverage.events)):
        if role.arn in broken:
            continue
        try:
            if role.arn not in replaying:
                replaying[role.arn] = role, _of(role, before, after)
            replaying[role.arn][1].take(call)
        except PolicyError as error:
            broken[role.arn] = f"The calls of {role.name} could not be evaluated: {error}"
    ended = tuple((role, one.ended()) for arn, (role, one) in replaying.items() if arn not in broken)
    left = trail.coverage.events - trail.coverage.of_role
    others = (f"Not evaluated: {plural(left, 'record')} of users, services and others.",) if left else ()
    return Recorded(trail.coverage.events, ended, (*trail.problems, *broken.values(), *others))


def recorded_across(
    trail: RolesTrail,
    accounts: Accounts,
    changed: Mapping[str, Account],
    progress: Callable[[int], None] = lambda _: None,
) -> Recorded:
    """Evaluate the recorded calls of the roles in several accounts, like `recorded_calls`.

    ``changed`` are the accounts in their state after the change. May block.
    """
    replaying: dict[str, tuple[Role, Replaying]] = {}
    broken: dict[str, str] = {}
    elsewhere = 0
    for role, call in trail.by_role(_RolesOfAccounts(changed), lambda coverage, _: progress(coverage.events)):
        if role.arn in broken:
            continue
        own = account_of(role.arn) or ""
        elsewhere += any(account_of(each) not in (None, own) for each in call.resources)
        try:
            if role.arn not in replaying:
                opened = accounts.opened(own)
                if opened is None:
                    broken[role.arn] = f"The calls of {role.arn} could not be evaluated: its account was not read."
                    continue
                after = ReviewedAccount(changed[own], opened.reader)
                replaying[role.arn] = role, _of(role, ReviewedAccount(opened.account, opened.reader), after)
            replaying[role.arn][1].take(call)
        except PolicyError as error:
            broken[role.arn] = f"The calls of {role.arn} could not be evaluated: {error}"
    ended = tuple((role, one.ended()) for arn, (role, one) in replaying.items() if arn not in broken)
    left = trail.coverage.events - trail.coverage.of_role
    notes = []
    if left:
        notes.append(f"Not evaluated: {plural(left, 'record')} of users, services, other accounts and others.")
    if elsewhere:
        words = plural(elsewhere, "call")
        notes.append(f"For {words} on resources of other accounts, only the caller's side was evaluated.")
    return Recorded(trail.coverage.events, ended, (*trail.problems, *broken.values(), *notes))


class _RolesOfAccounts:
    """Returns which role, of several accounts, the session in a record's ``userIdentity`` belongs to."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._roles: dict[str, RolesById] = {}

    def __call__(self, identity: object) -> Role | None:
        number = account_of(str(identity.get("arn") or "")) if isinstance(identity, dict) else None
        if number is None or number not in self._accounts:
            return None
        if number not in self._roles:
            self._roles[number] = RolesById(self._accounts[number].roles)
        return self._roles[number](identity)


def _of(role: Role, before: ReviewedAccount, after: ReviewedAccount) -> Replaying:
    now = after.account.role(role.arn) or role
    return Replaying(*(role_layers(one, each.account, each.reader) for one, each in ((role, before), (now, after))))


def recorded_json(found: Recorded) -> dict[str, Any]:
    """Return the ``recorded`` field of ``rolescope what-if --json``."""
    return {
        "events": found.events,
        "calls": found.calls,
        "refused": found.refused,
        "not_granted": sum(each.not_granted for _, each in found.roles),
        "roles": [
            {
                "role": role.arn,
                "calls": each.calls,
                "refused": [
                    {"action": one.action, "resource": one.resource, "calls": one.calls} for one in each.refused
                ],
            }
            for role, each in found.roles
            if each.refused
        ],
        "problems": list(found.problems),
    }


def recorded_lines(found: Recorded) -> Iterator[str]:
    """Yield lines of text: the answer first, then what each role would lose, the role with most denied calls first."""
    yield ""
    yield f"{found.refused or 'None'} of {plural(found.calls, 'recorded call')} of roles would have been denied."
    for role, each in sorted(found.roles, key=lambda pair: -pair[1].refused_calls):
        if each.refused:
            yield visible(role.arn)
            for one in each.refused:
                yield visible(f"  - {plural(one.calls, 'call')}: {one.action} on {one.resource}")
    yield from (visible(f"? {problem}") for problem in found.problems)
