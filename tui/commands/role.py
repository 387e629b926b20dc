"""``rolescope role NAME``: print one role in full, as Markdown or, with ``--json``, as JSON (null: not read)."""

from __future__ import annotations

import argparse
import sys
from difflib import get_close_matches

from diagnostics.json_versions import versioned
from diagnostics.plans.effects import with_role
from diagnostics.roles.document import role_markdown, role_value
from diagnostics.roles.policies import policies_to_read
from diagnostics.roles.read import RolesRead
from iam.foreign_text import json_text
from tui.exit_status import ANSWERED, CANNOT_TELL
from tui.open_account import not_found, open_account, say_unread


def run(options: argparse.Namespace) -> int:
    name = options.role_name.rpartition("/")[2]
    account, reader = open_account(options)
    session = RolesRead(account)
    role = account.role(name) or account.role_ignoring_case(name)
    if role is None and "roles" in account.incomplete and (found := reader.role(name).value) is not None:
        role, session = found, RolesRead(with_role(account, found))
    if role is None:
        closest = get_close_matches(name, [each.name for each in account.roles], 1)
        hint = f" Did you mean {closest[0]}?" if closest else ""
        raise not_found(f"role {name!r}", account, hint)
    if not role.has_details:
        session.roles_read[role.name] = reader.role(role.name)
        role = session.role(role.name) or role
    for arn in policies_to_read(session, role):
        session.policies_read[arn] = reader.managed_policy(arn)
    say_unread(account, session.policies_read.values())
    if options.json:
        print(json_text(versioned("role", role_value(session, role))))
    else:
        sys.stdout.write(role_markdown(session, role))
    return ANSWERED if role.has_details else CANNOT_TELL
