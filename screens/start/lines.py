"""The lines of Start by section: the items that need attention, each with the place that it opens."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from diagnostics.history.log import Entry
from diagnostics.recent.causes import causes as denial_causes
from diagnostics.recent.denials import RecentDenial
from diagnostics.review.causes import causes
from diagnostics.review.finding import Finding
from diagnostics.review.run import counts_of
from iam.changes.journal import JournalRecord
from iam.risks.risk import Severity
from iam.words import listing
from screens.diagnose.recent.walk import WalkProgress
from screens.text import ago, plural, visible
from screens.typed import Typed

DAY = timedelta(days=1)
GRAVE = (Severity.CRITICAL, Severity.HIGH)
FORECAST = "forecast."
"""The beginnings of the IDs of rules that report what will break at a known time."""
READING = "reading ..."
MOST = 12
"""The maximum number of lines in a section. If there are more items, the last line opens a list of all."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place that a line opens.

    ``kind`` is ``review`` (``words`` is a filter), ``diagnose`` (a text), ``history``, ``plan`` (its ID), ``recent``,
    ``role`` (the name of the role that a draft belongs to), ``drafts`` (the place of a draft), or ``unread``.
    """

    kind: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class StartLine:
    """A line of a section.

    ``severity`` is that of a finding, otherwise None. ``failed``: the line is about an operation that was interrupted.
    ``draft`` is the place of typed text that can be discarded, "" for any other line.
    """

    text: str
    aside: str
    place: Place
    severity: Severity | None = None
    failed: bool = False
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of Start. ``said`` follows the title: that nothing was found, or that data is still being read."""

    title: str
    lines: tuple[StartLine, ...] = ()
    said: str = ""


def open_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that are not accepted."""
    return [one for one in findings if one.accepted is None]


def finding_lines(findings: Sequence[Finding]) -> Iterable[StartLine]:
    """Yield one line for each cause of critical and high findings, except those that will break something later."""
    for cause in causes(open_findings(findings)):
        if cause.severity in GRAVE and not cause.rule.startswith(FORECAST):
            what = f"{cause.title}: {cause.who}" + (f", {cause.what}" if cause.what else "")
            yield StartLine(what, cause.severity.value, Place("review", f"rule:{cause.rule}"), cause.severity)


def forecast_lines(findings: Sequence[Finding]) -> Iterable[StartLine]:
    """Yield one line for each cause that will break something at a known time."""
    for cause in causes(open_findings(findings)):
        if cause.rule.startswith(FORECAST):
            place = Place("review", f"rule:{cause.rule}")
            yield StartLine(f"{cause.title}: {cause.who}", cause.severity.value, place, cause.severity)


def denial_lines(denials: Sequence[RecentDenial], now: datetime) -> Iterable[StartLine]:
    """Yield one line for each cause of the denials in the last day."""
    for cause in denial_causes([each for each in denials if each.last > now - DAY]):
        newest = cause.newest
        more = f", {plural(cause.count, 'time')}" if cause.count > 1 else ""
        text = f"{newest.sentence}{more}: {cause.why}"
        yield StartLine(text, f"{ago(cause.last, now)} ago", Place("diagnose", newest.failure.text))


def whole_day(walk: WalkProgress, now: datetime) -> bool:
    """Return whether the events of the last day were read completely, in every requested Region."""
    return not walk.why and (walk.ended or (walk.reached is not None and walk.reached <= now - DAY))


def denials_title(walk: WalkProgress, now: datetime) -> str:
    if walk.running or walk.reached is None or whole_day(walk, now):
        return "Denials of the last day"
    if walk.why:
        return f"Denials of the last day, without {listing(sorted(walk.why))}"
    return f"Denials since {walk.reached:%H:%M} UTC; R on Diagnose reads further back"


def change_lines(entries: Iterable[Entry], now: datetime) -> Iterable[StartLine]:
    """Yield one line for each recorded change in the last day."""
    for entry in entries:
        if entry.at > now - DAY:
            text = f"{entry.by}: {entry.what}" if entry.by else entry.what
            yield StartLine(text, f"{ago(entry.at, now)} ago", Place("history"))


def plan_lines(
    records: Iterable[JournalRecord], shown: Callable[[datetime], datetime] = lambda moment: moment
) -> Iterable[StartLine]:
    """Yield one line for each unfinished plan.

    ``shown`` converts a time of this machine's clock to the time to display.
    """
    for record in records:
        yield StartLine(record.plan.title, record.sentence_at(shown), Place("plan", record.plan.id), failed=True)


def draft_lines(typed: Typed, role_names: Container[str]) -> Iterable[StartLine]:
    """Yield one line for each text that was typed and not used yet, with the place where it is restored."""
    for place in typed.places:
        role = place.rpartition(" of ")[2]
        opens = Place("role", role) if role in role_names else Place("drafts", place)
        yield StartLine(place, "", opens, draft=place)
    for name in typed.unfinished:
        yield StartLine(f"New role {name}" if name else "New role without a name", "", Place("drafts", "Create"))


def section(
    title: str, lines: Iterable[StartLine], none: str, rest: Place | None = None, *, reading: bool = False
) -> Section:
    """Return a section with at most `MOST` lines.

    ``rest`` is the place that lists all lines; ``none`` is the text shown if there are no lines.
    """
    found = list(lines)
    if len(found) > MOST and rest is not None:
        found[MOST:] = [StartLine(f"and {len(found) - MOST:,} more", "", rest)]
    shown = tuple(replace(one, text=visible(one.text), aside=visible(one.aside)) for one in found)
    return Section(title, shown, READING if reading else "" if shown else none)


def counts(findings: Sequence[Finding] | None, walk: WalkProgress | None, now: datetime) -> list[str]:
    """Return the counts that are known: ``3 critical``, as in the review, and ``2 denials today``.

    An argument is None if it is not known yet. A count such as ``2+`` means that the events of the last day were not
    read completely.
    """
    found = []
    if findings is not None:
        by_severity = counts_of(findings)
        found += [f"{by_severity[each]:,} {each.value}" for each in GRAVE if by_severity[each]]
    if walk is not None:
        number = sum(each.count for each in walk.denials if each.last > now - DAY)
        if number:
            found.append(f"{plural(number, 'denial')} today" if whole_day(walk, now) else f"{number:,}+ denials today")
    return found
