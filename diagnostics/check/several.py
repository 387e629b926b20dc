"""The same change in several accounts: one plan for each, checked by the gate before any change is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from diagnostics.check.run import judged
from diagnostics.plans.changes import Change
from diagnostics.plans.role_change import change_plan
from iam.changes.plan import Plan, PlanError
from iam.gate.verdict import Verdict
from iam.organization.accounts import Accounts
from iam.sources.reader.opened import OpenedAccount
from iam.sources.source_error import SourceError


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """The plan of a change in one account.

    ``trouble`` says in one sentence why there is no plan, or why the gate rejects it; ``opened`` and ``verdict`` are
    None if the account could not be read, or nothing was planned.
    """

    account: str
    name: str
    roles: tuple[str, ...]
    opened: OpenedAccount | None = None
    verdict: Verdict | None = None
    trouble: str = ""

    @property
    def plan(self) -> Plan | None:
        return self.verdict.plan if self.verdict is not None else None

    @property
    def ready(self) -> bool:
        """Whether the plan can be carried out."""
        return self.verdict is not None and not self.verdict.refused


def plans_by_account(roles: Mapping[str, Sequence[str]], change: Change, accounts: Accounts) -> Iterator[AccountPlan]:
    """Yield the plan for each account's roles, given by account. Reads from AWS: call it in a worker."""
    for account, names in roles.items():
        opened = accounts.opened(account)
        name = accounts.name_of(account)
        if opened is None:
            standing = accounts.standing(account)
            yield AccountPlan(account, name, tuple(names), trouble=f"It was not read: {standing.why}")
            continue
        try:
            verdict = judged(change_plan(names, change, opened), opened)
        except (PlanError, SourceError) as error:
            yield AccountPlan(account, name, tuple(names), opened, trouble=str(error))
            continue
        refused = verdict.refused[0].text if verdict.refused else ""
        yield AccountPlan(account, name, tuple(names), opened, verdict, refused)
