"""The lines of Start: what needs attention, by section, each with the place that it opens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from diagnostics.history.log import Entry
from diagnostics.recent.causes import causes as denial_causes
from diagnostics.recent.denials import RecentDenial
from diagnostics.review.causes import causes
from diagnostics.review.finding import Finding
from iam.changes.journal import JournalRecord
from iam.risks.risk import Severity
from screens.text import ago, plural, visible

DAY = timedelta(days=1)
GRAVE = (Severity.CRITICAL, Severity.HIGH)
FORECAST = "forecast."
"""How the rules begin whose findings break something at a known time."""
MOST = 12
"""Lines of a section; the place that the last one opens lists all."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line leads: ``review`` with a filter, ``diagnose`` with a text, ``history``, ``plan`` with its id,
    ``recent``, ``unread``.
    """

    kind: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class StartLine:
    """``grave``: it needs attention first."""

    text: str
    aside: str
    place: Place
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """``said`` is shown in place of lines where there are none: nothing found, or still being read."""

    title: str
    lines: tuple[StartLine, ...] = ()
    said: str = ""


def open_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Those that nobody accepted."""
    return [one for one in findings if one.accepted is None]


def finding_lines(findings: Sequence[Finding]) -> Iterable[StartLine]:
    """A line for each cause of critical and high findings, but what breaks later."""
    for cause in causes(open_findings(findings)):
        if cause.severity in GRAVE and not cause.rule.startswith(FORECAST):
            what = f"{cause.title}: {cause.who}" + (f", {cause.what}" if cause.what else "")
            yield StartLine(what, cause.severity.value, Place("review", f"rule:{cause.rule}"), grave=True)


def forecast_lines(findings: Sequence[Finding]) -> Iterable[StartLine]:
    """A line for each cause of what breaks soon."""
    for cause in causes(open_findings(findings)):
        if cause.rule.startswith(FORECAST):
            place = Place("review", f"rule:{cause.rule}")
            yield StartLine(f"{cause.title}: {cause.who}", cause.severity.value, place, cause.severity in GRAVE)


def denial_lines(denials: Sequence[RecentDenial], now: datetime) -> Iterable[StartLine]:
    """A line for each cause of the denials of the last day."""
    for cause in denial_causes([each for each in denials if each.last > now - DAY]):
        newest = cause.newest
        more = f", {plural(cause.count, 'time')}" if cause.count > 1 else ""
        text = f"{newest.who} was denied {newest.what}{more}: {cause.why}"
        yield StartLine(text, f"{ago(cause.last, now)} ago", Place("diagnose", newest.failure.text))


def change_lines(entries: Iterable[Entry], now: datetime) -> Iterable[StartLine]:
    """A line for each recorded change of the last day."""
    for entry in entries:
        if entry.at > now - DAY:
            text = f"{entry.by}: {entry.what}" if entry.by else entry.what
            yield StartLine(text, f"{ago(entry.at, now)} ago", Place("history"))


def plan_lines(records: Iterable[JournalRecord]) -> Iterable[StartLine]:
    """A line for each plan that was left unfinished."""
    for record in records:
        yield StartLine(record.plan.title, record.sentence, Place("plan", record.plan.id), grave=True)


def section(title: str, lines: Iterable[StartLine], none: str, rest: Place | None = None) -> Section:
    """A section of these lines, at most `MOST` of them; ``rest`` is where all are."""
    found = list(lines)
    if len(found) > MOST and rest is not None:
        found[MOST:] = [StartLine(f"and {len(found) - MOST:,} more", "", rest)]
    shown = tuple(StartLine(visible(one.text), visible(one.aside), one.place, one.grave) for one in found)
    return Section(title, shown, "" if shown else none)


def counts(findings: Sequence[Finding] | None, denials: Sequence[RecentDenial] | None, now: datetime) -> list[str]:
    """``3 critical``, ``2 denials today``: what is known of it; None is not known yet."""
    found = []
    if findings is not None:
        for severity in GRAVE:
            number = sum(cause.severity is severity for cause in causes(open_findings(findings)))
            if number:
                found.append(f"{number:,} {severity.value}")
    if denials is not None:
        number = sum(each.count for each in denials if each.last > now - DAY)
        if number:
            found.append(f"{plural(number, 'denial')} today")
    return found
