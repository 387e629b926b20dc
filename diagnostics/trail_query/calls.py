"""Recorded calls out of a query's answer, as a stream."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from diagnostics.messages.operations import action_for
from diagnostics.right_size.calls import RecordedCall, UnknownOperation, calls_of, is_of, service_of_source
from diagnostics.right_size.trail import Coverage, Progress
from iam.account import Account, Role
from iam.sources.reader import SourceError
from iam.sources.reader.trail_queries import TrailQuery, TrailQueryError, TrailQuerySource
from iam.trail_events import is_data_action

_EVERY = 1000
_LATEST = timedelta(days=1)
"""An account has events every day, and CloudTrail delivers them within minutes."""


class QueriedTrail:
    """See `Trail`. The query runs when its calls are walked for the first time, and its result is read again, at no
    cost, when they are walked again. Raises `SourceError` where it has no answer at all; one that breaks off is not
    ``whole``."""

    def __init__(self, query: TrailQuery, source: TrailQuerySource, account: Account) -> None:
        self.query, self.title = query, query.table.title
        self.answer = source.ask_trail(query)
        self.coverage = Coverage(account.id)
        self.problems: list[str] = []
        self.unknown: Counter[UnknownOperation] = Counter()
        self._account = account
        self._walked = False

    def calls(self, progress: Progress | None = None) -> Iterator[RecordedCall]:
        role = self.query.question.role
        return (call for _, call in self.by_role(lambda who: role if role and is_of(role, who) else None, progress))

    def by_role(
        self, role_of: Callable[[object], Role | None], progress: Progress | None = None
    ) -> Iterator[tuple[Role, RecordedCall]]:
        """The calls of those roles that ``role_of`` finds for a record's ``userIdentity``."""
        first, self._walked = not self._walked, True
        coverage = self.coverage if first else Coverage(self._account.id)

        def waiting(seconds: float) -> None:
            if progress is not None:
                progress(coverage, f"{self.title}, which is at work for {seconds:.0f} s")

        rows = 0
        try:
            for row in self.answer.rows(waiting):
                rows += 1
                record = row.record if _tells_category(row.record) else _with_category(row.record)
                coverage.take(record, row.events)
                if row.last:
                    coverage.take({**record, "eventTime": row.last}, 0)
                if progress is not None and rows % _EVERY == 0:
                    progress(coverage, self.title)
                role = role_of(record.get("userIdentity")) if row.whole else None
                if role is not None:
                    coverage.of_role += 1
                    yield from ((role, call) for call in self._calls(record, first))
        except TrailQueryError as error:
            if not rows or not first:
                raise SourceError(str(error)) from error
            coverage.whole = False
            self.problems.append(f"{error} The {rows:,} rows before were read.")
        if first and coverage.whole:
            self._look_at_end()

    def _look_at_end(self) -> None:
        """A table whose later partitions are missing shows nothing unused."""
        asked, ends = self.query.question, self.coverage.ends
        if ends is None:
            self.problems.append(
                f"{self.title} has no event of account {self._account.id} since {asked.since:%Y-%m-%d}."
            )
        elif ends < asked.until - _LATEST:
            self.problems.append(
                f"The last event of {self.title} is of {ends:%Y-%m-%d}: later partitions may be missing."
            )
        else:
            return
        self.coverage.whole = False

    def stop(self) -> None:
        """End the query, from any thread."""
        self.answer.stop()

    def _calls(self, record: Mapping[str, Any], first: bool) -> Iterator[RecordedCall]:
        for found in calls_of(record, self._account):
            if isinstance(found, RecordedCall):
                yield found
            elif first:
                self.unknown[found] += 1


def _tells_category(record: Mapping[str, Any]) -> bool:
    return "eventCategory" in record or "managementEvent" in record


def _with_category(record: Mapping[str, Any]) -> dict[str, Any]:
    """Older tables have no column that tells data events apart: the action does."""
    service = service_of_source(str(record.get("eventSource") or ""))
    action = action_for(str(record.get("eventName") or ""), service) if service else None
    data = action is not None and is_data_action(action)
    return {**record, "eventCategory": "Data" if data else "Management"}
