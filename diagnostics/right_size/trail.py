"""The sources of recorded calls: the files of a trail, or CloudTrail's event history for the account.

Both are read as streams. Data that cannot be read is reported in a sentence; the records before it are used.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from diagnostics.right_size.calls import (
    RecordedCall,
    UnknownOperation,
    calls_of,
    data_event_places,
    is_data_event,
    is_of,
    service_of_source,
)
from iam.account import Account, Role
from iam.arn import account_of
from iam.foreign_text import visible
from iam.sources.reader.account_reader import AccountReader
from iam.sources.trail_files import UNREADABLE, files_of, records_of, why_unreadable
from iam.words import listing

HISTORY_DAYS = 90
"""The days for which CloudTrail's event history has management events (CloudTrail User Guide, "event history")."""

MOST_EVENTS = 20_000
"""The maximum number of events read from the event history: 200 seconds of LookupEvents in one Region."""

HOW_SLOW = "LookupEvents returns 50 events per call, 2 calls per second in a Region, for at most 90 days"
"""The rate at which LookupEvents may be called (CloudTrail API reference, LookupEvents)."""

_MOST_SENTENCES = 20
_EVERY = 1000
_MOST_PLACES = 5000


@dataclass
class Coverage:
    """The times and Regions that the records cover, and the kinds of events that the trail logs.

    Records of calls by any caller are included. Records of accounts other than ``account`` and ``others`` only add to
    the numbers of records. ``events`` is the number of all records, ``of_role`` that of the role's. ``management``
    contains True if there are management events that only read, and False if there are some that write. ``data``
    contains the same for the data events of each service, with the patterns of their resources.
    """

    account: str
    events: int = 0
    of_role: int = 0
    first: str = ""
    last: str = ""
    regions: set[str] = field(default_factory=set)
    accounts: Counter[str] = field(default_factory=Counter)
    services: set[str] = field(default_factory=set)
    management: set[bool] = field(default_factory=set)
    data: dict[tuple[str, bool], set[str]] = field(default_factory=dict)
    whole: bool = True
    others: frozenset[str] = frozenset()
    """Further accounts whose records are treated like those of ``account``."""

    def take(self, record: Mapping[str, Any], events: int = 1) -> None:
        """Count a record, or as many ``events`` as it represents."""
        self.events += events
        owner = str(record.get("recipientAccountId") or "")
        self.accounts[owner] += events
        if owner not in ("", self.account, *self.others):
            return
        time = record.get("eventTime")
        if isinstance(time, str) and time:
            self.first = min(self.first or time, time)
            self.last = max(self.last, time)
        self.regions.add(str(record.get("awsRegion") or ""))
        service = service_of_source(str(record.get("eventSource") or "")) or ""
        self.services.add(service)
        reads = record.get("readOnly") in (True, "true")
        if is_data_event(record):
            places = self.data.setdefault((service, reads), set())
            if len(places) < _MOST_PLACES:
                places.update(data_event_places(record))
        else:
            self.management.add(reads)

    @property
    def begins(self) -> datetime | None:
        return _time(self.first)

    @property
    def ends(self) -> datetime | None:
        return _time(self.last)

    @property
    def days(self) -> float:
        begins, ends = self.begins, self.ends
        return (ends - begins) / timedelta(days=1) if begins and ends else 0.0


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


Progress = Callable[["Coverage", str], None]
"""A function that is called from time to time with the number of events read and the current position."""


class Trail(Protocol):
    """The recorded calls of one role.

    `calls` can be iterated again with the same result. ``coverage``, ``problems`` (one sentence each) and ``unknown``
    operations are complete after the first iteration. ``title`` describes the source.
    """

    title: str
    coverage: Coverage
    problems: list[str]
    unknown: Counter[UnknownOperation]

    def calls(self, progress: Progress | None = None) -> Iterator[RecordedCall]: ...


class RolesTrail:
    """The recorded calls of many roles. With a ``role``, it is a `Trail`.

    Without a ``role``, it has the calls of all roles: see `by_role`. ``several`` are the accounts of the roles, by ID;
    ``account`` is then one of them.
    """

    def __init__(
        self, title: str, role: Role | None, account: Account, several: Mapping[str, Account] | None = None
    ) -> None:
        self.title = title
        self._several = several or {account.id: account}
        self.coverage = self._no_coverage(account)
        self.problems: list[str] = []
        self.unknown: Counter[UnknownOperation] = Counter()
        self._role, self._account = role, account
        self._walked = False

    def by_role(
        self, role_of: Callable[[object], Role | None], progress: Progress | None = None
    ) -> Iterator[tuple[Role, RecordedCall]]:
        """Yield the calls of the roles that ``role_of`` returns for a record's ``userIdentity``."""
        raise NotImplementedError

    def calls(self, progress: Progress | None = None) -> Iterator[RecordedCall]:
        role = self._role
        return (call for _, call in self.by_role(lambda who: role if role and is_of(role, who) else None, progress))

    def _begin(self) -> tuple[bool, Coverage]:
        """Return whether this is the first iteration, and the coverage to count its records in."""
        first, self._walked = not self._walked, True
        return first, self.coverage if first else self._no_coverage(self._account)

    def _no_coverage(self, account: Account) -> Coverage:
        return Coverage(account.id, others=frozenset(self._several) - {account.id})

    def _calls(self, record: Mapping[str, Any], role: Role, first: bool) -> Iterator[RecordedCall]:
        for found in calls_of(record, self._several.get(account_of(role.arn) or "", self._account)):
            if isinstance(found, RecordedCall):
                yield found
            elif first:
                self.unknown[found] += 1


class NoTrail:
    """A trail without recorded calls."""

    title = "no trail"

    def __init__(self, account: Account) -> None:
        self.coverage = Coverage(account.id, whole=False)
        self.problems: list[str] = []
        self.unknown: Counter[UnknownOperation] = Counter()

    def calls(self, progress: Progress | None = None) -> Iterator[RecordedCall]:
        return iter(())


class TrailFiles(RolesTrail):
    """The files of a trail, and folders of such files at any depth: JSON or gzip.

    Only one event at a time is in memory.
    """

    def __init__(
        self,
        paths: tuple[Path, ...],
        role: Role | None,
        account: Account,
        several: Mapping[str, Account] | None = None,
    ) -> None:
        super().__init__(listing([visible(path.name or str(path)) for path in paths]), role, account, several)
        self._paths = paths
        self._more_problems = 0

    def by_role(
        self, role_of: Callable[[object], Role | None], progress: Progress | None = None
    ) -> Iterator[tuple[Role, RecordedCall]]:
        first, coverage = self._begin()
        for path in files_of(self._paths):
            before, of_role = coverage.events, coverage.of_role
            accounts = Counter(coverage.accounts)
            try:
                for record in records_of(path):
                    coverage.take(record)
                    if progress is not None and coverage.events % _EVERY == 0:
                        progress(coverage, visible(path.name))
                    role = role_of(record.get("userIdentity"))
                    if role is not None:
                        coverage.of_role += 1
                        yield from ((role, call) for call in self._calls(record, role, first))
            except UNREADABLE as error:
                self._say(path, why_unreadable(error), coverage.events - before)
            else:
                if coverage.events == before:
                    self._say(path, "the file has no CloudTrail records", None)
            self._look_at(path, coverage, of_role, accounts)
        if first and self._more_problems:
            self.problems.append(f"{self._more_problems} more files could not be read completely.")

    def _look_at(self, path: Path, coverage: Coverage, of_role: int, accounts: Counter[str]) -> None:
        """Report a file that belongs to another account and has no events by the role."""
        new = coverage.accounts - accounts
        others = new.keys() - {*self._several, ""}
        ours = bool(new.keys() & set(self._several)) or coverage.of_role > of_role
        if others and not ours:
            self._say(
                path,
                f"the trail belongs to account {visible(listing(sorted(others)))}, and has no call by the role",
                None,
            )

    def _say(self, path: Path, why: str, read: int | None) -> None:
        if len(self.problems) >= _MOST_SENTENCES:
            self._more_problems += 1
            return
        counted = f"; the {read:,} records before that were read" if read else ""
        sentence = f"{visible(path.name)}: {why}{counted}."
        if sentence not in self.problems:
            self.problems.append(sentence)


class EventHistory:
    """The account's event history, read with LookupEvents: management events of the last 90 days.

    Because that is slow, the role's calls are stored for the second iteration, and reading ends after ``most`` events.
    ``whole`` in the coverage is True only if all ``days`` were read.
    """

    title = "CloudTrail's event history"

    def __init__(self, reader: AccountReader, role: Role, account: Account, days: int, most: int = MOST_EVENTS) -> None:
        self._most = most
        self._reader, self._role, self._account = reader, role, account
        self._since = account.now - timedelta(days=min(days, HISTORY_DAYS))
        self.coverage = Coverage(account.id, whole=False)
        self.problems: list[str] = []
        self.unknown: Counter[UnknownOperation] = Counter()
        self._older = days > HISTORY_DAYS
        self._kept: list[RecordedCall] | None = None
        self.stopped = False

    def calls(self, progress: Progress | None = None) -> Iterator[RecordedCall]:
        if self._kept is None:
            self._kept = []
            try:
                self.coverage.whole = self._walk(self._kept, progress)
            except KeyboardInterrupt:
                self.coverage.whole = False  # who waits at a command has enough: what was read counts
            if self._older:
                self.problems.append(f"The event history covers {HISTORY_DAYS} days: only a trail has older events.")
        return iter(self._kept)

    def stop(self) -> None:
        """Stop reading, from any thread. The records that were read are used."""
        self.stopped = True

    def _walk(self, kept: list[RecordedCall], progress: Progress | None) -> bool:
        """Read the events. Return whether the entire time was read in every Region."""
        open_regions: dict[str, bool] = {}
        again = False  # every Region is read once before any is read again
        for page in self._reader.recent_events():
            if page.why:
                self.problems.append(f"{page.region or 'Event history'}: {page.why}")
                open_regions[page.region] = False
                continue
            again = again or page.region in open_regions
            reached = min((event.time for event in page.events), default=self._account.now)
            open_regions[page.region] = page.more and reached >= self._since
            for event in page.events:
                if event.detail and event.time >= self._since:
                    self._take(event.detail, kept)
            if progress is not None:
                progress(self.coverage, page.region)
            if self.stopped or self.coverage.events >= self._most:
                return False
            if again and not any(open_regions.values()):
                break
        return bool(open_regions) and not self.problems

    def _take(self, detail: str, kept: list[RecordedCall]) -> None:
        try:
            record = json.loads(detail)
        except (ValueError, RecursionError):
            return
        if not isinstance(record, dict):
            return
        self.coverage.take(record)
        if is_of(self._role, record.get("userIdentity")):
            self.coverage.of_role += 1
            for found in calls_of(record, self._account):
                if isinstance(found, RecordedCall):
                    kept.append(found)
                else:
                    self.unknown[found] += 1
