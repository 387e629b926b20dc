"""Changes of the roles that findings are about, made plans in a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.message import Message

from iam.account import Account
from iam.changes.plan import Plan, PlanError
from iam.sources.reader import AccountReader, OpenedAccount, SourceError


@dataclass(eq=False, repr=False)
class RolesPlanned(Message):
    """The plan of a change of roles, or one sentence on why there is none. ``number`` is the one that was asked for."""

    number: int
    plan: Plan | None
    trouble: str = ""


def plan_of_roles(
    number: int,
    names: Sequence[str],
    change: str,
    told: str,
    account: Account,
    reader: AccountReader,
    send: Callable[[RolesPlanned], object],
) -> None:
    """``change`` is an id of `diagnostics.plans.role_change.ROLE_CHANGES`, ``told`` its parameters.

    Reads the account: call in a worker.
    """
    from diagnostics.plans.role_change import ROLE_CHANGES, change_plan

    make = ROLE_CHANGES[change].make
    try:
        plan = change_plan(names, make(told), OpenedAccount(account, reader)) if make is not None else None
        send(RolesPlanned(number, plan))
    except (PlanError, SourceError) as error:
        send(RolesPlanned(number, None, str(error)))
