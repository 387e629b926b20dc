"""The shortest chain of roles to a role that the caller cannot assume directly.

The search goes one step forward from the caller, and step by step backward from the role, over the trust policies of
the account. Each hop of a chain that is found is then evaluated like any other way. Sessions created by a role's
session last an hour at most (IAM User Guide, "Role chaining").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from diagnostics.use.side import CallingSide, side_of
from diagnostics.use.way import Hop, SessionValues
from diagnostics.use.ways import role_ways
from iam.account import Role
from iam.break_glass import USUAL, is_break_glass
from iam.questions.answers import AccessVerdict
from iam.questions.index import AccountIndex
from iam.questions.who_can import can_assume, who_can

MOST_HOPS = 4
MOST_ROLES = 200
"""The maximum number of roles for which principals are searched. After that, the search ends without a result."""


def shortest_chain(
    role: Role,
    side: CallingSide,
    index: AccountIndex,
    entered: SessionValues,
    stopped: Callable[[], bool] = lambda: False,
    break_glass: str = USUAL,
) -> tuple[Hop, ...]:
    """Return the hops from ``side`` to the role, at most `MOST_HOPS`; empty if there is no chain.

    None of the roles is an emergency role (``break_glass`` as for `is_break_glass`). The MFA device and its code in
    ``entered`` are for the first hop, because no later hop can pass them. The other values are for the last hop. May
    block.
    """
    start = side.entity.arn if side.entity is not None else None
    if start is None:
        return ()
    first = {found[0].arn for found in can_assume(index, start) if found is not None and not stopped()}
    first.discard(start)
    if not first:
        return ()
    level: list[tuple[Role, ...]] = [(role,)]
    seen, asked = {role.arn, start}, 0
    for _ in range(MOST_HOPS - 1):
        longer: list[tuple[Role, ...]] = []
        for path in level:
            asked += 1
            if stopped() or asked > MOST_ROLES:
                return ()
            for before in _who_may_assume(path[0], index):
                if before.arn not in seen and not is_break_glass(before, break_glass):
                    seen.add(before.arn)
                    longer.append((before, *path))
        found = [hops for path in longer if path[0].arn in first and (hops := _judged(path, side, index, entered))]
        if found:
            return min(found, key=lambda hops: sum(hop.way.works is None for hop in hops))
        level = longer
    return ()


def _who_may_assume(role: Role, index: AccountIndex) -> list[Role]:
    """Return the account's roles that may assume the role, also under conditions.

    Roles that certainly may assume it come first.
    """
    answers = who_can(index, "sts:AssumeRole", role.arn).principals
    names = [one.arn for one in answers if one.kind == "role" and one.verdict is not AccessVerdict.UNKNOWN]
    return [found for name in names if (found := index.account.role(name)) is not None and not found.service_linked]


def _judged(path: tuple[Role, ...], side: CallingSide, index: AccountIndex, entered: SessionValues) -> tuple[Hop, ...]:
    """Return the hops along the path, with their ways; empty if one of them turns out to be denied."""
    hops: list[Hop] = []
    caller = side
    first = SessionValues(mfa_serial=entered.mfa_serial, mfa_code=entered.mfa_code)
    last = replace(entered, mfa_serial="", mfa_code="")
    for role in path:
        given = first if role is path[0] else last if role is path[-1] else SessionValues()
        way = role_ways(role, caller, index.account, given).best
        if way is None:
            return ()
        hops.append(Hop(caller.who.text, role.arn, way))
        session = way.request.session_name if way.request is not None else caller.session_name
        caller = session_side(role, session, index)
    return tuple(hops)


def session_side(role: Role, session_name: str, index: AccountIndex) -> CallingSide:
    """Return the calling side (see `CallingSide`) for a session of a role."""
    account = index.account
    arn = f"arn:{account.partition}:sts::{account.id}:assumed-role/{role.name}/{session_name}"
    return side_of(arn, account, index.reader)
