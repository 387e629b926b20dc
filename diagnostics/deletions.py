"""Deleting an entity with all that hangs on it, whatever its kind: which call deletes which, and the plan of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from diagnostics import role_deletion
from iam.account import Account
from iam.changes.plan import Call, Plan
from iam.sources.reader import AccountReader

Maker = Callable[[Call, Account, AccountReader], Plan]


def deletion_plan(call: Call, account: Account, reader: AccountReader) -> Plan:
    """The plan that takes apart what ``call`` deletes, and deletes it: by what hangs on it now, read whole.

    Raises `PlanError` where that cannot be seen. May block: call it in a worker.
    """
    return DELETIONS[call.operation](call, account, reader)


DELETIONS: Mapping[str, Maker] = MappingProxyType(
    {"DeleteRole": lambda call, account, reader: role_deletion.deletion_plan(call.text("RoleName"), account, reader)}
)
