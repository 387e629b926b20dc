"""The ways to assume a role under the operator's assumptions about the call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from diagnostics.assumptions import Assumption
from diagnostics.use.side import CallingSide
from diagnostics.use.way import RoleWays, SessionValues
from diagnostics.use.ways import role_ways
from iam.account import Account, Role


def ways_assuming(
    role: Role, side: CallingSide | None, account: Account, entered: SessionValues, assumed: Iterable[Assumption]
) -> tuple[RoleWays, SessionValues, tuple[Assumption, ...]]:
    """Return the ways, the values that they were evaluated with, and the assumptions that they depend on.

    The ways are evaluated without assumptions first. No value is assumed for a key that does not matter, or whose value
    was given.
    """
    plain = role_ways(role, side, account, entered)
    stated = {key.lower() for key in entered.context}
    open_keys = {key.lower() for way in plain.ways if way.works is None for key in way.hangs_on} - stated
    used = tuple(each for each in assumed if each.key.lower() in open_keys)
    if not used:
        return plain, entered, ()
    with_them = replace(entered, context={**entered.context, **{each.key: (each.value,) for each in used}})
    return role_ways(role, side, account, with_them), with_them, used
