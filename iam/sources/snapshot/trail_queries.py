"""A snapshot file has no query engine, so no trail can be queried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iam.sources.reader.reading import Reading

if TYPE_CHECKING:
    from iam.sources.reader.trail_queries import TrailEngine, TrailQuery, TrailQuestion, TrailSettings, TrailTable
    from iam.sources.reader.trail_query_source import TrailAnswer

_WHY = "A snapshot has no trail that can be queried: open the account itself, or give files of the trail (--trail)."


class SnapshotTrailQueries:
    def trail_tables(self, engine: TrailEngine, name: str = "") -> Reading[tuple[TrailTable, ...]]:
        return Reading("snapshot", why=_WHY)

    def trail_query(self, table: TrailTable, question: TrailQuestion, settings: TrailSettings) -> Reading[TrailQuery]:
        return Reading("snapshot", why=_WHY)

    def ask_trail(self, query: TrailQuery) -> TrailAnswer:
        from iam.sources.reader.trail_queries import TrailQueryError

        raise TrailQueryError(_WHY)
