"""The ways from a principal to a role across several accounts: directly, or through other roles."""

from __future__ import annotations

from dataclasses import dataclass, replace

from diagnostics.use.chain import MOST_HOPS, MOST_ROLES
from diagnostics.use.side import CallingSide, side_of
from diagnostics.use.way import Hop, Method, RoleWays, SessionValues, Way
from diagnostics.use.ways import foreign_role_ways, role_ways
from iam.account import Role
from iam.arn import Arn, account_of, name_of
from iam.break_glass import USUAL, is_break_glass
from iam.organization.accounts import Accounts
from iam.organization.place import Place
from iam.policy.principal import Kind, caller
from iam.questions.answers import AccessVerdict
from iam.questions.who_can_across import who_can_across
from iam.sources.reader.opened import OpenedAccount

ASSUME = "sts:AssumeRole"


class UseError(ValueError):
    """Raised if the role or the principal was not found in the data. ``str()`` is one sentence."""


@dataclass(frozen=True, slots=True)
class WaysAcross:
    """The ways to assume a role.

    If neither these ways nor a chain works, ``refused`` is the first hop that is denied.
    """

    found: RoleWays
    refused: Hop | None = None


def ways_across(
    role: str, principal: str, accounts: Accounts, entered: SessionValues, break_glass: str = USUAL
) -> WaysAcross:
    """Return how ``principal`` can assume a role in any account. May block. Raises `UseError`.

    ``principal`` is a user, role or session: an ARN, or a name that exists in exactly one account.
    """
    who, start = _principal(principal, accounts)
    arn = _role_arn(role, accounts)
    found = _ways(arn, who, start, accounts, entered)
    if not found.may_have_chain:
        return WaysAcross(found)
    chain = _chain(arn, who, start, accounts, entered, break_glass)
    if chain:
        return WaysAcross(replace(found, chain=chain))
    mine = [way for way in found.ways if way.method is Method.ASSUME_ROLE]
    nearest = next((way for way in mine if way.for_me), next(iter(mine), None))
    return WaysAcross(found, Hop(who, arn, nearest) if nearest is not None else None)


def _principal(word: str, accounts: Accounts) -> tuple[str, OpenedAccount]:
    arn = Arn.parse_principal(word)
    if arn is not None:
        number = caller(word).account
        opened = accounts.opened(number) if number is not None else None
        if number is None or opened is None:
            raise UseError(f"{_unread(number, accounts)}, so {word[:120]} cannot be evaluated.")
        return _existing(word, opened), opened
    holders = [
        id
        for id in accounts.ids
        if id in accounts.holders_of(word) or ((one := accounts.opened(id)) is not None and one.account.user(word))
    ]
    if len(holders) != 1:
        said = "several accounts have" if holders else "no account that was read has"
        raise UseError(f"--from takes an ARN, or a name that only one account has: {said} {word[:120]}.")
    found = accounts.opened(holders[0])
    assert found is not None
    role, user = found.account.role(word), found.account.user(word)
    entity = role or user
    assert entity is not None
    return entity.arn, found


def _existing(arn: str, opened: OpenedAccount) -> str:
    """Return the ARN of a principal if it exists in its account. Raises `UseError` if not."""
    who = caller(arn)
    account = opened.account
    gone = (who.kind in (Kind.ROLE, Kind.SESSION) and account.role(who.name or "") is None) or (
        who.kind is Kind.USER and account.user(who.name or "") is None
    )
    if gone:
        raise UseError(f"Account {account.id} has no {'user' if who.kind is Kind.USER else 'role'} {who.name}.")
    return arn


def _role_arn(word: str, accounts: Accounts) -> str:
    if Arn.parse_entity(word, "role") is not None:
        return word
    holders = accounts.holders_of(word)
    if len(holders) != 1:
        said = "Several accounts have" if holders else "No account that was read has"
        raise UseError(f"{said} a role {word[:120]}: give its ARN.")
    opened = accounts.opened(holders[0])
    role = opened.account.role(word) if opened is not None else None
    assert role is not None
    return role.arn


def _unread(account: str | None, accounts: Accounts) -> str:
    if account is None:
        return "The ARN names no account"
    standing = accounts.standing(account)
    words = f"{standing.words[0].upper()}{standing.words[1:]}"
    return f"{words} is outside the accounts read" if standing.place is Place.OUTSIDE else f"{words} was not read"


def _role(arn: str, accounts: Accounts) -> tuple[Role, OpenedAccount] | None:
    opened = accounts.opened(account_of(arn) or "")
    role = opened.account.role(arn) if opened is not None else None
    return (role, opened) if role is not None and opened is not None else None


def _side(who: str, start: OpenedAccount, role: str, accounts: Accounts) -> CallingSide:
    return side_of(who, start.account, start.reader, accounts, role)


def _ways(role: str, who: str, start: OpenedAccount, accounts: Accounts, entered: SessionValues) -> RoleWays:
    side = _side(who, start, role, accounts)
    there = _role(role, accounts)
    if there is None:
        number = account_of(role)
        if number is not None and accounts.opened(number) is not None:
            others = [accounts.standing(id).words for id in accounts.holders_of(name_of(role)) if id != number]
            hint = f" A role with that name exists in {', '.join(others)}." if others else ""
            raise UseError(f"Account {number} has no role {role}.{hint}")
        found = foreign_role_ways(role, side, entered)
        why = f"{_unread(number, accounts)}, but the role's trust policy and the RCPs of its account also apply."
        return replace(found, unread=(*found.unread, why))
    return role_ways(there[0], side, there[1].account, entered)


def _chain(
    role: str, who: str, start: OpenedAccount, accounts: Accounts, entered: SessionValues, break_glass: str
) -> tuple[Hop, ...]:
    """Return the shortest chain of roles from the principal to the role, without emergency roles.

    The search goes backward from the role.
    """
    entity = _side(who, start, role, accounts).entity
    if entity is None:
        return ()
    level: list[tuple[str, ...]] = [(role,)]
    seen, asked = {role, entity.arn}, 0
    for _ in range(MOST_HOPS - 1):
        longer: list[tuple[str, ...]] = []
        for path in level:
            asked += 1
            if asked > MOST_ROLES:
                return ()
            for before in _who_may_assume(path[0], accounts, break_glass):
                if before not in seen:
                    seen.add(before)
                    longer.append((before, *path))
        found = [hops for path in longer if (hops := _judged(path, who, start, accounts, entered))]
        if found:
            return min(found, key=lambda hops: sum(hop.way.works is None for hop in hops))
        level = longer
    return ()


def _who_may_assume(role: str, accounts: Accounts, break_glass: str) -> list[str]:
    answer = who_can_across(accounts, ASSUME, role).answer
    able = [one.arn for one in answer.principals if one.kind == "role" and one.verdict is not AccessVerdict.UNKNOWN]
    found = [there[0] for arn in able if (there := _role(arn, accounts)) is not None]
    return [each.arn for each in found if not each.service_linked and not is_break_glass(each, break_glass)]


def _judged(
    path: tuple[str, ...], who: str, start: OpenedAccount, accounts: Accounts, entered: SessionValues
) -> tuple[Hop, ...]:
    """Return the hops along the path, with their ways; empty if one of them turns out to be denied."""
    hops: list[Hop] = []
    first = SessionValues(mfa_serial=entered.mfa_serial, mfa_code=entered.mfa_code)
    last = replace(entered, mfa_serial="", mfa_code="")
    session, here = who, start
    for role in path:
        given = first if role is path[0] else last if role is path[-1] else SessionValues()
        way: Way | None = _ways(role, session, here, accounts, given).best
        there = _role(role, accounts)
        if way is None or there is None:
            return ()
        hops.append(Hop(session, role, way))
        name = way.request.session_name if way.request is not None else ""
        account = there[1].account
        session = f"arn:{account.partition}:sts::{account.id}:assumed-role/{there[0].name}/{name or 'rolescope'}"
        here = there[1]
    return tuple(hops)
