"""``rolescope adopt ROLE``: print what another tool needs to adopt an existing role.

Exit status: 0 printed; 1 the role cannot be adopted; 2 there is no such role; 3 the account cannot be read.
"""

from __future__ import annotations

import argparse

from iam.arn import name_of
from iam.sources.source_error import SourceError
from tui.exit_status import ANSWERED, CommandError, UsageError
from tui.open_account import open_account


def run(options: argparse.Namespace) -> int:
    from iam.changes.plan import PlanError
    from iam.creation.adoption import adopted

    account, reader = open_account(options)
    reading = reader.role(name_of(options.adopt_role))
    if reading.unreadable:
        raise SourceError(reading.why)
    if reading.value is None:
        raise UsageError(f"There is no role {options.adopt_role} in account {account.id}.")
    try:
        print(adopted(reading.value, account, options.export, options.logical_id or ""), end="")
    except PlanError as error:
        raise CommandError(str(error)) from error
    return ANSWERED
