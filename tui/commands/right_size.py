"""``rolescope right-size ROLE``: reduce a role's policies to the actions it used, and replay every recorded call.

The used actions come from IAM's last accessed information and from recorded calls. ``--trail`` names a trail's files or
folders (JSON, gzip). Without the option, CloudTrail's event history of the account is read: at most ``--events``
events, one minute for every 6,000. ctrl+c ends the reading, and the events read until then are used. ``--athena`` and
``--lake`` query the trail in place, after the query and its cost were confirmed; ``--no-trail`` uses no recorded calls.

With ``--json``, one document: ``summary``, ``counts`` (of actions), ``replay``, ``proof``, ``policies`` (each with the
reduced document, null if nothing is left), ``used``, ``gone``, ``kept_unseen`` (empty with ``--strict``, which removes
these actions too: ``gone_unseen`` then contains them), ``refused_by_aws``, ``evidence``, ``cautions``, ``plan`` (null
if there is nothing to do), ``look_again``.

``--watch TIME`` carries out the plan and reads the event history every minute for that time. If the role is denied an
action that it was allowed before, an inline policy restores the permission. The document then has ``watch``:

- ``outcomes``, ``given_back`` and ``not_given_back``
- ``problems``: errors while the history was read
- ``why``: the reason if the watch ended early

Exit status:

- 0: answered, or watched to the end
- 1: recorded calls would be denied, no use was recorded, or the watch or a plan did not reach its end
- 2: the role does not exist, or the trail cannot be read at all
- 3: the account cannot be read
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diagnostics.json_versions import versioned
from iam.foreign_text import json_text
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.trail_queries import QueryPurpose
from iam.sources.source_error import SourceError
from tui.commands.given import wants_query
from tui.exit_status import ANSWERED, CANNOT_TELL, CommandError, UsageError
from tui.open_account import not_found, open_account
from tui.trail_query import agreed_query

if TYPE_CHECKING:
    from diagnostics.right_size.run import RightSized
    from diagnostics.right_size.trail import Trail
    from iam.account import Account, Role
    from iam.changes.plan import Plan
    from iam.sources.reader.account_reader import AccountReader
    from tui.commands.plans.watched import Watched


def run(options: argparse.Namespace) -> int:
    from diagnostics.right_size.run import RightSizeError, right_size

    if options.days < 1:
        raise UsageError("--days takes a number of days, 1 or more.")
    account, reader = open_account(options)
    role = _role(options.right_size_role, account, reader)
    trail = _trail(options, role, account, reader)
    try:
        with options.status.telling("right-size") as progress:
            found = right_size(
                role, account, reader, trail=trail, days=options.days, step=progress.say, strict=options.strict
            )
    except RightSizeError as error:
        raise CommandError(str(error)) from error
    if (options.trail or wants_query(options)) and not found.coverage.events:
        raise UsageError(" ".join(found.trail.problems) or "The trail has no events.")
    opened = OpenedAccount(account, reader)
    plan, trouble = _plan(found, opened)
    if options.watch is not None:
        return _watched(found, plan, trouble, opened, options)
    print(_json(found, plan, trouble) if options.json else _text(found, plan, trouble))
    return CANNOT_TELL if found.replay.refused else ANSWERED


def _watched(
    found: RightSized, plan: Plan | None, trouble: str, opened: OpenedAccount, options: argparse.Namespace
) -> int:
    from tui.commands.plans.watched import Watched, carry_out_and_watch

    if not options.json:
        print(_text(found, plan, trouble), flush=True)
    done = Watched(trouble) if plan is None else carry_out_and_watch(found, plan, opened, options)
    if options.json:
        print(_json(found, plan, trouble, done))
    elif done.why and plan is not None:
        print(f"\n{done.why}")
    return ANSWERED if done.good else CANNOT_TELL


def _role(name: str, account: Account, reader: AccountReader) -> Role:
    """Return the role by its name, ARN or unique ID."""
    role = account.role(name) or next((each for each in account.roles if each.id and each.id == name), None)
    if role is None and not name.startswith("arn:"):
        role = reader.role(name).value
    if role is None:
        raise not_found(f"role {name[:200]}", account)
    return role


def _trail(options: argparse.Namespace, role: Role, account: Account, reader: AccountReader) -> Trail:
    from diagnostics.right_size.trail import EventHistory, NoTrail, TrailFiles

    if options.trail:
        paths = tuple(map(Path, options.trail))
        missing = [str(path) for path in paths if not path.exists()]
        if missing:
            raise UsageError(f"{missing[0]} does not exist.")
        return TrailFiles(paths, role, account)
    if wants_query(options):
        from diagnostics.trail_query.calls import QueriedTrail

        return QueriedTrail(*agreed_query(options, reader, QueryPurpose.ROLE_CALLS, account.id, role), account)
    return NoTrail(account) if options.no_trail else EventHistory(reader, role, account, options.days, options.events)


def _plan(found: RightSized, opened: OpenedAccount) -> tuple[Plan | None, str]:
    from diagnostics.right_size.plan import right_size_plan
    from iam.changes.plan import PlanError

    try:
        return right_size_plan(found, opened), ""
    except (PlanError, SourceError) as error:
        return None, str(error)


def _json(found: RightSized, plan: Plan | None, trouble: str, watched: Watched | None = None) -> str:
    from diagnostics.right_size.report import to_json
    from iam.changes.plan import plan_to_value

    whole: dict[str, Any] = {
        **versioned("right-size", to_json(found)),
        "plan": plan_to_value(plan) if plan is not None else None,
        "no_plan": trouble or None,
        **({"watch": watched.as_json()} if watched is not None else {}),
    }
    return json_text(whole)


def _text(found: RightSized, plan: Plan | None, trouble: str) -> str:
    from diagnostics.right_size.report import text

    if plan is None:
        return f"{text(found)}\n{trouble}"
    calls = [f"  {number}. {call.why}" for number, call in enumerate(plan.calls, 1)]
    return "\n".join((text(found), "", "The plan (l on the role, then p, carries it out with its undo):", *calls))
