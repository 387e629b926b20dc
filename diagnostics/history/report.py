"""The log, blame and past states as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from diagnostics.history.blame import Blamed
from diagnostics.history.log import ChangeEffects, Entry
from diagnostics.history.revert import revert_commands, revert_plan
from diagnostics.history.words import who
from iam.account import Account
from iam.changes.export.cli import to_json as plan_json
from iam.changes.plan import Plan, PlanError
from iam.foreign_text import markdown_text, visible
from iam.history.change import HOLDERS, Change, Kind
from iam.history.timeline import History
from iam.policy.document import Document, PolicyError
from iam.sources.reader.opened import OpenedAccount
from iam.sources.source_error import SourceError


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the log, with the data computed for it. A field is None if it was not computed."""

    entry: Entry
    effects: ChangeEffects | None = None
    revert: Plan | None = None
    no_revert: str = ""
    commands: tuple[str, ...] = ()


def with_revert(line: Line, history: History, opened: OpenedAccount) -> Line:
    """Return the line with the plan that undoes its change, or with the reason why there is none. May block."""
    if line.entry.change is None:
        return line
    try:
        return Line(line.entry, line.effects, revert_plan(line.entry.change, history, opened))
    except (PlanError, SourceError) as error:
        return Line(line.entry, line.effects, None, str(error), _commands(line.entry.change, history))


def _commands(change: Change, history: History) -> tuple[str, ...]:
    try:
        return revert_commands(change, history)
    except PlanError:
        return ()


def log_json(
    target: str | None,
    since: datetime,
    until: datetime,
    lines: Sequence[Line],
    complete: bool,
    gaps: Iterable[str],
    account: Account,
) -> dict[str, Any]:
    """Return the document of ``rolescope history --json``."""  # fmt: skip
    unrecorded = [line.entry.what[:1].upper() + line.entry.what[1:] + "." for line in lines if not line.entry.change]
    return {
        "target": target,
        "since": _iso(since),
        "until": _iso(until),
        "complete": complete and not unrecorded,
        "gaps": [*gaps, *unrecorded],
        "changes": [_change_json(line, line.entry.change, account) for line in lines if line.entry.change is not None],
    }


def _change_json(line: Line, change: Change, account: Account) -> dict[str, Any]:
    entry = line.entry
    before, after = entry.documents
    policy = entry.place.name if entry.place is not None and entry.place.name else None
    if change.entity is not None and change.entity.kind in (Kind.POLICY, Kind.ORGANIZATION_POLICY):
        policy = change.arn or change.entity.name
    effects = line.effects
    return {
        "at": _iso(change.at),
        "event_id": change.event_id,
        "event": change.event,
        "by": change.by,
        "via": change.via,
        **({"error": change.error} if change.error is not None else {}),
        "entity": entity_arn(change, account),
        "policy": policy,
        "what": entry.what,
        "document_before": _value(before),
        "document_after": _value(after),
        "effects": effects.effects.to_value() if effects is not None and effects.effects is not None else None,
        **({"why_not": effects.why_not} if effects is not None and effects.why_not else {}),
        "revert": plan_json(line.revert) if line.revert is not None else None,
        **({"no_revert": line.no_revert} if line.no_revert else {}),
        **({"revert_commands": list(line.commands)} if line.commands else {}),
    }


def entity_arn(change: Change, account: Account) -> str | None:
    """Return the ARN of the changed entity, with its path if the account contains it."""
    entity = change.entity
    if entity is not None and entity.kind in HOLDERS:
        found = {Kind.ROLE: account.role, Kind.USER: account.user, Kind.GROUP: account.group}[entity.kind](entity.name)
        if found is not None:
            return found.arn
    return change.arn or (entity.name if entity is not None else None)


def _value(document: Document | None) -> Any:
    if document is None:
        return None
    try:
        return document.value
    except PolicyError:
        return document.text


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def log_text(lines: Sequence[Line], gaps: Iterable[str]) -> Iterator[str]:
    """Yield one line for each change, newest first, with its effect below it; then what was not recorded."""
    if not lines:
        yield "No recorded change."
    for line in lines:
        entry = line.entry
        if entry.change is None:
            yield visible(f"{entry.at:%Y-%m-%d %H:%M:%S}  ?  {entry.what}")
            continue
        by = f"{entry.by} ({entry.tool})" if entry.tool else entry.by
        yield visible(f"{entry.at:%Y-%m-%d %H:%M:%S}  {by}  {entry.what}")
        if line.effects is not None:
            said = line.effects.effects.said if line.effects.effects is not None else (line.effects.why_not,)
            for sentence in said:
                if sentence:
                    yield visible(f"                       {sentence}")
    missing = list(gaps)
    if missing:
        yield ""
        yield "NOT RECORDED OR NOT READ"
        yield from (visible(f"  {each}") for each in missing)


def log_markdown(lines: Sequence[Line], gaps: Iterable[str]) -> Iterator[str]:
    """Yield the log as lines of a Markdown table."""
    yield "| time (UTC) | who | tool | what | effect |"
    yield "| --- | --- | --- | --- | --- |"
    for line in lines:
        entry = line.entry
        effect = line.effects.short or line.effects.why_not if line.effects is not None else ""
        cells = (f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.by, entry.tool, entry.what, effect)
        yield f"| {' | '.join(markdown_text(cell) for cell in cells)} |"
    missing = list(gaps)
    if missing:
        yield ""
        yield from (f"- {markdown_text(each)}" for each in missing)


CSV_COLUMNS = ("at", "event_id", "event", "by", "via", "error", "entity", "what", "effect")


def log_rows(lines: Sequence[Line], account: Account) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a CSV table, in the order of `CSV_COLUMNS`."""
    for line in lines:
        entry, change = line.entry, line.entry.change
        if change is None:
            yield (_iso(entry.at), "", "", "", "", "", "", entry.what, "")
            continue
        effect = line.effects.short or line.effects.why_not if line.effects is not None else ""
        entity = entity_arn(change, account) or ""
        head = (_iso(entry.at), change.event_id, change.event, change.by, change.via, change.error or "")
        yield (*head, entity, entry.what, effect)


# Blame.


def blame_json(target: str, blamed: Sequence[Blamed], since: datetime, gaps: Iterable[str]) -> dict[str, Any]:
    """Return the document of ``rolescope history --blame --json``."""
    return {
        "target": target,
        "since": _iso(since),
        "gaps": list(gaps),
        "statements": [
            {
                "policy": each.policy,
                "arn": each.arn,
                "statement": each.statement,
                "sid": each.sid,
                "event_id": each.change.event_id if each.change is not None else None,
                "at": _iso(each.change.at) if each.change is not None else None,
                "by": each.change.by if each.change is not None else None,
                **({"why": each.why} if each.why else {}),
            }
            for each in blamed
        ],
    }


def blame_text(blamed: Sequence[Blamed]) -> Iterator[str]:
    """Yield one line for each statement."""
    last = ""
    for each in blamed:
        if each.policy != last:
            last = each.policy
            yield visible(each.policy)
        named = f"statement {each.statement + 1}" + (f" ({each.sid})" if each.sid else "")
        if each.change is None:
            yield visible(f"  {named}: {each.why}")
            continue
        doubt = f"; {each.why}" if each.why else ""
        yield visible(f"  {named}: {each.change.at:%Y-%m-%d %H:%M:%S}  {who(each.change)}  {each.change.event}{doubt}")
