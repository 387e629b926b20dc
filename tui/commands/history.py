"""``rolescope history [TARGET]``: recorded changes with their effects, who added a statement, or an earlier state.

TARGET is a role, user or group by name, or a policy or resource by ARN; without it, the entire account. The changes
come from CloudTrail's event history (90 days) and from rolescope's own journals; with ``--trail`` from a trail's files,
with ``--athena`` or ``--lake`` from a query of a trail in place; ``--snapshots FOLDER`` adds dated snapshots of the
account.

With ``--json``, one document: ``target``, ``since``, ``until``, ``complete``, ``gaps``, ``changes`` (newest first, each
with ``at``, ``event_id``, ``event``, ``by``, ``via``, ``error``, ``entity``, ``policy``, ``what``, ``document_before``,
``document_after``, ``effects`` and ``revert``). ``--blame`` lists each statement with the change that added it;
``--as-of TIME`` prints the role as it was then, in the form of ``rolescope role``.

Exit status: 0 answered; 1 the state at that time is unknown; 2 there is no such target, or the trail cannot be read; 3
the account cannot be read.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from diagnostics.json_versions import versioned
from iam.account import Group
from iam.arn import Arn, is_aws_managed, name_of
from iam.foreign_text import json_text
from iam.sources.reader.opened import OpenedAccount
from tui.commands.given import wants_query
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError
from tui.open_account import not_found, open_account, say_unread
from tui.trail_query import changes_by_query

if TYPE_CHECKING:
    from diagnostics.history.log import LogFilter
    from diagnostics.history.report import Line
    from iam.account import Account, Group, Role, User
    from iam.history.change import Entity
    from iam.history.gather import Recorded
    from iam.history.timeline import History

HISTORY_DAYS = 90
"""The number of days to search if no time is given. CloudTrail's event history contains no more."""

MOST_EFFECTS = 300
"""The maximum number of changes for which effects and reverts are computed, unless a filter needs more."""

_AGE = re.compile(r"(\d{1,5})([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


@dataclass(frozen=True, slots=True)
class Target:
    """What the history is about.

    ``entities`` is None for the entire account; ``holder`` is the role, user or group.
    """

    arn: str | None = None
    entities: tuple[Entity, ...] | None = None
    holder: Role | User | Group | None = None


def run(options: argparse.Namespace) -> int:
    account, reader = open_account(options)
    opened = OpenedAccount(account, reader)
    since = _since(options, account.now)
    if options.since and wants_query(options):
        options.days = max(1, -(-(account.now - since) // timedelta(days=1)))
    target = find_target(options.target, opened)
    with options.status.telling("reading changes") as progress:
        recorded = gathered(options, target, opened, since, progress.say)
        history = recorded.history(opened)
        if options.as_of:
            return _as_of(options, target, opened, history, recorded)
        if options.blame:
            return _blame(options, target, opened, history, recorded)
        progress.say("computing effects")
        lines = list(_lines(options, target, opened, history))
    say_unread(account)
    _print(options, target, account, recorded, lines)
    return ANSWERED


def _since(options: argparse.Namespace, now: datetime) -> datetime:
    """Return the time from which changes are requested.

    If no time is given, files, rows and snapshots are used from their beginning.
    """
    if options.since:
        return moment(options.since, now)
    if options.trail or options.snapshots:
        return datetime.min.replace(tzinfo=UTC)
    return now - timedelta(days=options.days if wants_query(options) else HISTORY_DAYS)


def find_target(name: str | None, opened: OpenedAccount) -> Target:
    """Return the target with this name or ARN. Raises `UsageError` or `SourceError` if it does not exist."""
    from iam.history.change import Entity, Kind
    from iam.history.gather import entities_behind, resource_entity

    if not name:
        return Target()
    account = opened.account
    parts = Arn.parse(name)
    kind = parts.resource.partition("/")[0] if parts is not None and parts.service == "iam" else ""
    short = name_of(name) if kind in ("role", "user", "group") else name
    holder: Role | User | Group | None = None
    if kind in ("", "role"):
        holder = account.role(short) or account.role_ignoring_case(short)
        if holder is None and "roles" in account.incomplete and parts is None:
            holder = opened.reader.role(short).value
    if holder is None and kind in ("", "user"):
        holder = account.user(short)
    if holder is None and kind in ("", "group"):
        holder = account.group(short)
    if isinstance(holder, Group):
        return Target(holder.arn, (Entity(Kind.GROUP, holder.name), *_policies_of(holder)), holder)
    if holder is not None:
        return Target(holder.arn, tuple(entities_behind(holder, account)), holder)
    if kind in ("role", "user", "group"):  # a deleted entity has a history too
        return Target(name, (Entity(Kind(kind), short),))
    if kind == "policy":
        return Target(name, (Entity(Kind.POLICY, name),))
    if (entity := resource_entity(name)) is not None:
        return Target(name, (entity,))
    raise not_found(f"role, user or group {name[:200]!r}", account)


def _policies_of(group: Group) -> Iterator[Entity]:
    from iam.history.change import Entity, Kind

    for attached in group.attached or ():
        if not is_aws_managed(attached.arn):
            yield Entity(Kind.POLICY, attached.arn)


def gathered(
    options: argparse.Namespace, target: Target, opened: OpenedAccount, since: datetime, say: Callable[[str], None]
) -> Recorded:
    """Return the changes from the sources that the options select. May block."""
    from iam.history.cache import EventCache
    from iam.history.config_items import from_config
    from iam.history.gather import (
        Recorded,
        from_files,
        from_journals,
        from_rows,
        from_snapshots,
        recorded_for,
    )

    account, reader = opened.account, opened.reader
    cache = EventCache(account.id) if reader.kind == "aws" and not options.no_cache else None
    if options.trail:
        paths = tuple(map(Path, options.trail))
        missing = [str(path) for path in paths if not path.exists()]
        if missing:
            raise UsageError(f"{missing[0]} does not exist.")
        found = Recorded(since)
        from_files(paths, found, account.id, account.now, say)
        from_journals(opened, found)
    elif wants_query(options):
        found = Recorded(since)
        from_rows(changes_by_query(options, reader, account.id, say), found, account.id, say)
        from_journals(opened, found)
    elif target.entities is not None:
        found = recorded_for(target.entities, opened, since, cache=cache, progress=say)
        from_config(reader, target.entities, found)
    else:
        found = recorded_for((), opened, since, cache=cache, progress=say, whole=True)
    if options.snapshots:
        from_snapshots(_snapshots(Path(options.snapshots)), found, account.id)
    return found


def _snapshots(folder: Path) -> Iterator[OpenedAccount]:
    from iam.sources.snapshot.reader import open_snapshot

    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder.")
    for path in sorted(folder.glob("*.json")):
        reader = open_snapshot(str(path))
        account = next(iter(deque(reader.accounts(), maxlen=1)), None)
        if account is not None:
            yield OpenedAccount(account, reader)


def moment(text: str, now: datetime) -> datetime:
    """Return the time that a text describes: an age (``30d``, ``12h``, ``90m``), a date, or a date and time.

    A time without a time zone is in UTC. Raises `UsageError`.
    """
    age = _AGE.fullmatch(text.strip())
    try:
        if age is not None:
            return now - timedelta(**{_UNITS[age[2]]: int(age[1])})
        found = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except (ValueError, OverflowError):
        raise UsageError(f"{text[:40]!r} is not a time: give 30d, 12h, 2026-11-28 or 2026-11-28T14:00Z.") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _filter(options: argparse.Namespace) -> LogFilter:
    from diagnostics.history.log import LogFilter

    return LogFilter(
        by=options.by,
        via=options.via,
        kind=options.kind,
        effect=options.effect,
        widened=options.widened,
        failed=options.failed or options.json,
    )


def _lines(options: argparse.Namespace, target: Target, opened: OpenedAccount, history: History) -> Iterator[Line]:
    from diagnostics.history.log import ChangeEffects, effects_of, entries
    from diagnostics.history.report import Line, with_revert

    wanted = _filter(options)
    count = 0
    for entry in entries(history, target.entities):
        if not wanted.passes(entry):
            continue
        count += 1
        if count > MOST_EFFECTS and not wanted.needs_effects:
            yield Line(
                entry, ChangeEffects(why_not=f"Effects were computed only for the newest {MOST_EFFECTS} changes.")
            )
            continue
        effects = effects_of(entry, history, opened)
        if not wanted.passes_effects(effects):
            continue
        line = Line(entry, effects)
        yield with_revert(line, history, opened) if options.json else line


def _print(
    options: argparse.Namespace, target: Target, account: Account, recorded: Recorded, lines: list[Line]
) -> None:
    from diagnostics.history.report import CSV_COLUMNS, log_json, log_markdown, log_rows, log_text
    from diagnostics.roles.export import as_csv

    form = "json" if options.json else options.format
    if form == "json":
        whole = log_json(target.arn, recorded.since, account.now, lines, recorded.complete, recorded.gaps, account)
        print(json_text(versioned("history", whole)))
    elif form == "csv":
        print(as_csv(CSV_COLUMNS, log_rows(lines, account)), end="")
    elif form == "markdown":
        print("\n".join(log_markdown(lines, recorded.gaps)))
    else:
        print("\n".join(log_text(lines, recorded.gaps)))


def _blame(
    options: argparse.Namespace, target: Target, opened: OpenedAccount, history: History, recorded: Recorded
) -> int:
    from diagnostics.history.blame import blame, blame_policy
    from diagnostics.history.report import blame_json, blame_text

    if target.holder is not None:
        blamed = list(blame(target.holder, history, opened))
    elif target.arn is not None and ":policy/" in target.arn:
        policy = opened.account.policy(target.arn) or opened.reader.managed_policy(target.arn).value
        if policy is None or policy.document is None:
            raise not_found(f"policy {target.arn!r}", opened.account)
        blamed = list(blame_policy(target.arn, policy.document, history))
    else:
        raise UsageError("--blame takes a role, a user, a group or a policy: rolescope history NAME --blame.")
    if options.json:
        whole = blame_json(target.arn or "", blamed, recorded.since, recorded.gaps)
        print(json_text(versioned("history-blame", whole)))
    else:
        print("\n".join(blame_text(blamed)))
    return ANSWERED


def _as_of(
    options: argparse.Namespace, target: Target, opened: OpenedAccount, history: History, recorded: Recorded
) -> int:
    from diagnostics.roles.document import role_markdown, role_value
    from diagnostics.roles.policies import policies_to_read
    from diagnostics.roles.read import RolesRead
    from iam.history.change import Kind, Part, Place, Unknown
    from iam.history.past import after, past

    at = moment(options.as_of, opened.account.now)
    roles = [each for each in target.entities or () if each.kind is Kind.ROLE]
    if not roles:
        raise UsageError("--as-of takes a role: rolescope history ROLE --as-of 2026-11-28T14:00Z.")
    if at < recorded.since:
        raise UsageError(f"The record begins at {recorded.since:%Y-%m-%d %H:%M:%S} UTC: earlier states are unknown.")
    if at > opened.account.now:
        raise UsageError("That time is in the future.")
    then = past(history, opened, after(history, at))
    role = then.opened.account.role(roles[0].name)
    for place, why in then.unknown.items():
        if place.entity == roles[0]:
            name = f" {place.name}" if place.name.isprintable() and place.name else ""
            print(f"Unknown: {place.part.value}{name}: {why}.", file=sys.stderr)
    if role is None:
        if isinstance(history.state(Place(roles[0], Part.EXISTENCE), at), Unknown):
            print(f"It is unknown whether the role {roles[0].name} existed then.", file=sys.stderr)
            return CANNOT_TELL
        print(f"The role {roles[0].name} did not exist at {at:%Y-%m-%d %H:%M:%S} UTC.")
        return ANSWERED
    session = RolesRead(then.opened.account)
    for arn in policies_to_read(session, role):
        session.policies_read[arn] = then.opened.reader.managed_policy(arn)
    if options.json:
        print(json_text(versioned("role", role_value(session, role))))
    else:
        print(role_markdown(session, role).rstrip("\n"))
    return ANSWERED if role.has_details else CANNOT_TELL
