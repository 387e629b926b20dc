"""Interface for querying a trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from iam.protocols import Protocol

if TYPE_CHECKING:
    from iam.sources.reader.reading import Reading
    from iam.sources.reader.trail_queries import (
        TrailEngine,
        TrailQuery,
        TrailQuestion,
        TrailRow,
        TrailSettings,
        TrailTable,
    )


class TrailAnswer(Protocol):
    """The result of a query.

    On the first iteration, ``rows`` starts the query, waits for the result (calling ``waiting`` from time to time with
    the seconds so far), and yields the rows page by page. Further iterations read the same result without running the
    query again. Raises `TrailQueryError`. If the first iteration is left before the query has ended, the query is
    stopped. ``scanned`` is the number of bytes scanned, known once the query has ended.
    """

    scanned: int | None

    def rows(self, waiting: Callable[[float], object] = ...) -> Iterator[TrailRow]: ...

    def stop(self) -> None:
        """Stop the query, from any thread."""


class TrailQuerySource(Protocol):
    """An account's query engines."""

    def trail_tables(self, engine: TrailEngine, name: str = "") -> Reading[tuple[TrailTable, ...]]:
        """Read the trails' tables in Glue's catalog, or the event data stores, in the Regions in use.

        With ``name``, read only the table or store with this name, ARN or ID.
        """

    def trail_query(self, table: TrailTable, question: TrailQuestion, settings: TrailSettings) -> Reading[TrailQuery]:
        """Return the query, with the amount of data that it will scan as far as this is known before it runs."""

    def ask_trail(self, query: TrailQuery) -> TrailAnswer: ...
