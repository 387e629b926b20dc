"""A snapshot file has no query engine, so no trail can be queried."""

from __future__ import annotations

from iam.sources.reader import Reading
from iam.sources.reader.trail_queries import (
    TrailAnswer,
    TrailEngine,
    TrailQuery,
    TrailQueryError,
    TrailQuestion,
    TrailSettings,
    TrailTable,
)

_WHY = "A snapshot has no trail that can be queried: open the account itself, or give files of the trail (--trail)."


class SnapshotTrailQueries:
    def trail_tables(self, engine: TrailEngine, name: str = "") -> Reading[tuple[TrailTable, ...]]:
        return Reading("snapshot", why=_WHY)

    def trail_query(self, table: TrailTable, question: TrailQuestion, settings: TrailSettings) -> Reading[TrailQuery]:
        return Reading("snapshot", why=_WHY)

    def ask_trail(self, query: TrailQuery) -> TrailAnswer:
        raise TrailQueryError(_WHY)
