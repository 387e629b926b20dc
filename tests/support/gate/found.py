"""What the gate finds of a specification, by its checks of the account and the policies alone."""

from __future__ import annotations

from collections.abc import Iterator

from iam.account import Account
from iam.creation.plan import create_role
from iam.creation.spec import RoleSpec
from iam.gate.checks.run import CHECKS, spec_findings
from iam.gate.finding import GateFinding
from iam.gate.planned_change import PlannedChange
from iam.sources.reader.account_reader import AccountReader


def preflight(spec: RoleSpec, account: Account, reader: AccountReader) -> Iterator[GateFinding]:
    """The findings of the plan that creates the role."""
    yield from spec_findings(spec, account, reader)
    if not any(True for _ in spec.field_faults()):
        change = PlannedChange.of(create_role(spec, account, reader), account, reader)
        for check in CHECKS:
            yield from check(change)
