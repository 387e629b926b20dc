"""``rolescope adopt ROLE``: what takes a role that is there into Terraform's, CloudFormation's or Pulumi's care.

Exit status: 0 printed; 1 the role cannot be taken over; 2 there is no such role; 3 the account could not be read.
"""

from __future__ import annotations

import argparse
import sys

from iam.arn import name_of
from iam.sources.reader import SourceError
from tui.cli import ACCOUNT_UNREADABLE, ANSWERED, CANNOT_TELL, WRONG_USAGE
from tui.commands.create import printable
from tui.open_account import open_account


def run(options: argparse.Namespace) -> int:
    from iam.changes.plan import PlanError
    from iam.creation.adoption import adopted

    try:
        account, reader = open_account(options)
        reading = reader.role(name_of(options.adopt_role))
    except SourceError as error:
        print(printable(str(error)), file=sys.stderr)
        return ACCOUNT_UNREADABLE
    if reading.value is None:
        why = reading.why if reading.unreadable else f"There is no role {options.adopt_role} in account {account.id}."
        print(printable(why), file=sys.stderr)
        return ACCOUNT_UNREADABLE if reading.unreadable else WRONG_USAGE
    try:
        print(adopted(reading.value, account, options.export), end="")
    except PlanError as error:
        print(printable(str(error)), file=sys.stderr)
        return CANNOT_TELL
    return ANSWERED
