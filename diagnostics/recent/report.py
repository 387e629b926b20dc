"""The list of recent denials as text, as Markdown, and as JSON that ``rolescope diagnose`` can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from diagnostics.recent.denials import RecentDenial
from diagnostics.trail_query.offer import query_json
from iam.foreign_text import markdown_text, visible
from iam.sources.reader.trail_queries import TrailQuery


@dataclass(frozen=True, slots=True)
class HowFar:
    """How far CloudTrail was read.

    ``why`` says for each Region why it could not be read, or not further back; ``ended``: there are no older events.
    ``asked`` is the query if a trail was queried for denials only; ``here`` is the account that is open.
    """

    events: int = 0
    reached: datetime | None = None
    ended: bool = False
    why: Mapping[str, str] = field(default_factory=dict)
    asked: TrailQuery | None = None
    here: str = ""

    def words(self) -> str:
        """Return one sentence that says how far CloudTrail was read, and whether older events were not read."""
        reached = f", back to {self.reached:%Y-%m-%d %H:%M} UTC" if self.reached else ""
        more = "" if self.ended and not self.why else "; older ones were not read"
        if self.asked is not None:
            since = f"{self.asked.question.since:%Y-%m-%d}"
            return f"{self.asked.table.title} has {self.events:,} refused calls since {since}{reached}{more}."
        return f"{self.events:,} events of CloudTrail were read{reached}{more}."


def to_json(denials: Sequence[RecentDenial], far: HowFar) -> dict[str, Any]:
    return {
        "denials": [_denial_json(denial) for denial in denials],
        "events_read": far.events,
        "read_back_to": far.reached.isoformat() if far.reached else None,
        "complete": far.ended and not far.why,
        **({"query": query_json(far.asked, None)} if far.asked is not None else {}),
        "unreadable": [{"region": region, "why": why} for region, why in far.why.items()],
    }


def _denial_json(denial: RecentDenial) -> dict[str, Any]:
    failure = denial.failure
    return {
        "who": denial.who,
        "account": denial.account or None,
        "roles": list(denial.roles),
        "principal": failure.principal,
        "action": failure.action,
        "operation": failure.operation,
        "resource": failure.resource,
        "error_code": failure.code,
        "stated_reason": failure.stated_reason,
        "count": denial.count,
        "first": denial.first.isoformat(),
        "last": denial.last.isoformat(),
        "regions": list(denial.regions),
        "sources": list(denial.sources),
        "CloudTrailEvent": failure.text,
    }


def to_text(denials: Sequence[RecentDenial], far: HowFar, role: str | None = None) -> str:
    """Return one line for each denial, and a line that says how far back CloudTrail was read."""
    lines = []
    for denial in denials:
        times = f"{denial.count}x" if denial.count > 1 else ""
        lines.append(
            f"{denial.last:%Y-%m-%d %H:%M:%S} {times:>5}  " + "  ".join(map(visible, _cells(denial, far.here)))
        )
    if not denials:
        lines.append(nothing_words(role))
    return "\n".join([*lines, "", far.words()])


def to_markdown(denials: Sequence[RecentDenial], far: HowFar, role: str | None = None) -> str:
    about = f" about {markdown_text(role)}" if role else ""
    lines = [f"# Recent denials{about}", "", far.words(), ""]
    lines += [f"- {markdown_text(region)}: {markdown_text(why)}" for region, why in far.why.items()]
    if not denials:
        return "\n".join([*lines, nothing_words(role), ""])
    lines += ["", "| last (UTC) | times | who | was denied | on | error | regions |", "|" + " --- |" * 7]
    for denial in denials:
        cells = [f"{denial.last:%Y-%m-%d %H:%M:%S}", f"{denial.count:,}", *map(markdown_text, _cells(denial, far.here))]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def nothing_words(role: str | None) -> str:
    about = f" about {visible(role)}" if role else ""
    return f"No request{about} was refused in the events that were read."


def _cells(denial: RecentDenial, here: str) -> tuple[str, ...]:
    on = denial.failure.resource or "-"
    return (denial.who, denial.what, on, denial.failure.code or "", denial.where(here))
