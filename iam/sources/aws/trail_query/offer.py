"""Prepare a query to be run: the data that it will scan, the cost, and where the result will be stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iam.sources.aws.session import Aws
from iam.sources.aws.trail_query.partitions import narrows_time
from iam.sources.aws.trail_query.size import scan_size
from iam.sources.aws.trail_query.sql import query
from iam.sources.reader.reading import Reading
from iam.sources.reader.trail_queries import TrailEngine, TrailQuery, TrailQuestion, TrailSettings, TrailTable

ATHENA_LEAST = 10 * 1024**2
"""The minimum number of bytes for which a query is charged (https://aws.amazon.com/athena/pricing/)."""
ATHENA_PAGE, LAKE_PAGE = "https://aws.amazon.com/athena/pricing/", "https://aws.amazon.com/cloudtrail/pricing/"


def offer(aws: Aws, table: TrailTable, question: TrailQuestion, settings: TrailSettings) -> Reading[TrailQuery]:
    try:
        sql = query(table, question)
    except ValueError as error:
        return Reading("", why=f"{table.title} cannot be queried: {error}.")
    if table.engine is TrailEngine.LAKE:
        price = f"CloudTrail Lake charges {settings.lake_usd_per_gb} USD per GB scanned ({LAKE_PAGE})."
        notes = ("CloudTrail Lake reports only afterwards how much it scanned.", _price(table, price))
        return Reading("", TrailQuery(table, question, sql, notes=notes))
    return _athena(aws, table, question, settings, sql)


def _athena(
    aws: Aws, table: TrailTable, question: TrailQuestion, settings: TrailSettings, sql: str
) -> Reading[TrailQuery]:
    name = settings.athena_workgroup
    client = aws.client("athena", table.region)
    group = aws.read("athena:GetWorkGroup", lambda: client.get_work_group(WorkGroup=name)["WorkGroup"])
    group_settings: Mapping[str, Any] = (group.value or {}).get("Configuration") or {}
    output = _output(group_settings, settings)
    if not output and group.value is not None:
        return Reading(
            "athena:GetWorkGroup",
            why=(
                f"Athena's workgroup {name} has no output location: give one (athena_output in [trail] of the "
                "configuration), or another workgroup (athena_workgroup)."
            ),
        )
    limit = group_settings.get("BytesScannedCutoffPerQuery")
    size = scan_size(aws, table, question)
    notes = [] if group.value is not None else [f"It is unknown whether the workgroup limits the query: {group.why}"]
    if not narrows_time(table):
        notes.append("The table is not partitioned by time, so the query scans all of it, whatever period you ask for.")
    notes.append(
        size.value.note if size.value is not None else f"It is unknown how much the query will scan: {size.why}"
    )
    price = f"Athena charges {settings.athena_usd_per_tb:g} USD per TB scanned ({ATHENA_PAGE})."
    notes.append(_price(table, price))
    scanned = size.value.bytes if size.value is not None else None
    usd = None
    if scanned is not None and not table.region.startswith("cn-"):
        usd = max(scanned, ATHENA_LEAST) / 1024**4 * settings.athena_usd_per_tb
    return Reading("", TrailQuery(table, question, sql, scanned, usd, limit, name, output, tuple(notes)))


def _output(configuration: Mapping[str, Any], settings: TrailSettings) -> str:
    """Return the location of the result. A workgroup that enforces its configuration overrides the settings."""
    own = str((configuration.get("ResultConfiguration") or {}).get("OutputLocation") or "")
    if (configuration.get("ManagedQueryResultsConfiguration") or {}).get("Enabled"):
        own = "Athena's own managed storage"
    return own if configuration.get("EnforceWorkGroupConfiguration") and own else settings.athena_output or own


def _price(table: TrailTable, sentence: str) -> str:
    """Return the price. Configured prices are in USD; China has its own prices, in CNY."""
    return "The price of a query in China's Regions is unknown here." if table.region.startswith("cn-") else sentence
