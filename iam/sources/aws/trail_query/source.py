"""The account's query engines: Athena and CloudTrail Lake."""

from __future__ import annotations

from iam.sources.aws.session import AwsPart
from iam.sources.aws.trail_query.answer import answer
from iam.sources.aws.trail_query.offer import offer
from iam.sources.aws.trail_query.tables import athena_tables, lake_stores
from iam.sources.reader.reading import Reading
from iam.sources.reader.trail_queries import TrailEngine, TrailQuery, TrailQuestion, TrailSettings, TrailTable
from iam.sources.reader.trail_query_source import TrailAnswer


class AwsTrailQueries(AwsPart):
    def trail_tables(self, engine: TrailEngine, name: str = "") -> Reading[tuple[TrailTable, ...]]:
        return athena_tables(self.aws, name) if engine is TrailEngine.ATHENA else lake_stores(self.aws, name)

    def trail_query(self, table: TrailTable, question: TrailQuestion, settings: TrailSettings) -> Reading[TrailQuery]:
        return offer(self.aws, table, question, settings)

    def ask_trail(self, query: TrailQuery) -> TrailAnswer:
        return answer(self.aws, query)
