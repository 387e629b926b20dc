"""Read recorded calls from a query's answer, as a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from diagnostics.right_size.calls import RecordedCall, service_of_source
from diagnostics.right_size.trail import Progress, RolesTrail
from iam.account import Account, Role
from iam.api_operations import action_for
from iam.sources.reader.trail_queries import TrailQuery, TrailQueryError
from iam.sources.reader.trail_query_source import TrailQuerySource
from iam.sources.source_error import SourceError
from iam.trail_events import is_data_action
from iam.words import listing

_EVERY = 1000
_LATEST = timedelta(days=1)
"""The maximum age of a table's latest event. An account has events every day, and CloudTrail delivers them within
minutes."""


class QueriedTrail(RolesTrail):
    """The recorded calls in a query's answer.

    The query runs when the calls are first iterated. Later iterations read its result again, at no cost. Raises
    `SourceError` if there is no answer at all; an answer that breaks off is not ``whole``.
    """

    def __init__(
        self,
        query: TrailQuery,
        source: TrailQuerySource,
        account: Account,
        several: Mapping[str, Account] | None = None,
    ) -> None:
        super().__init__(query.table.title, query.question.role, account, several)
        self.query = query
        self.answer = source.ask_trail(query)

    def by_role(
        self, role_of: Callable[[object], Role | None], progress: Progress | None = None
    ) -> Iterator[tuple[Role, RecordedCall]]:
        first, coverage = self._begin()

        def waiting(seconds: float) -> None:
            if progress is not None:
                progress(coverage, f"{self.title}, running for {seconds:.0f} s")

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
                    yield from ((role, call) for call in self._calls(record, role, first))
        except TrailQueryError as error:
            if not rows or not first:
                raise SourceError(str(error)) from error
            coverage.whole = False
            self.problems.append(f"{error} The {rows:,} rows before that were read.")
        if first and coverage.whole:
            self._look_at_end()

    def _look_at_end(self) -> None:
        """Report missing later partitions: with them missing, nothing can be shown to be unused."""
        asked, ends = self.query.question, self.coverage.ends
        silent = [id for id in sorted(self._several) if not self.coverage.accounts[id]]
        if silent:
            accounts = f"account {silent[0]}" if len(silent) == 1 else f"the accounts {listing(silent)}"
            self.problems.append(f"{self.title} has no event of {accounts} since {asked.since:%Y-%m-%d}.")
        elif ends is None:
            self.problems.append(f"No event of {self.title} has a time.")
        elif ends < asked.until - _LATEST:
            self.problems.append(
                f"The last event of {self.title} is of {ends:%Y-%m-%d}, so later partitions may be missing."
            )
        else:
            return
        self.coverage.whole = False

    def stop(self) -> None:
        """Stop the query. May be called from any thread."""
        self.answer.stop()


def _tells_category(record: Mapping[str, Any]) -> bool:
    return "eventCategory" in record or "managementEvent" in record


def _with_category(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record with its event category, from its action: older tables have no column for data events."""
    service = service_of_source(str(record.get("eventSource") or ""))
    action = action_for(str(record.get("eventName") or ""), service) if service else None
    data = action is not None and is_data_action(action)
    return {**record, "eventCategory": "Data" if data else "Management"}
