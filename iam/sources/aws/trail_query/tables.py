"""Find what can be queried: the trails' tables in Glue's catalog, and CloudTrail Lake's event data stores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from iam.arn import Arn
from iam.sources.aws.errors import code_of
from iam.sources.aws.session import FAILURES, Aws, by_token
from iam.sources.aws.trail_query.partitions import format_of, strftime_of
from iam.sources.aws.trail_query.sql import RECORD
from iam.sources.reader.reading import Reading
from iam.sources.reader.trail_queries import PartitionKey, TrailEngine, TrailTable

_FORMAT = "com.amazon.emr.cloudtrail.CloudTrailInputFormat"
_ABSENT = ("EntityNotFoundException", "EventDataStoreNotFoundException")


def athena_tables(aws: Aws, name: str = "") -> Reading[tuple[TrailTable, ...]]:
    """Return the tables that contain CloudTrail logs, or the one with this name (``database.table`` or ``table``)."""

    def question(region: str) -> Iterator[TrailTable]:
        database, _, table = name.rpartition(".")
        if database:
            if found := _named(aws, region, database.lower(), table.lower()):
                yield found
            return
        for each in aws.pages("glue", "get_databases", "DatabaseList", region=region):
            for entry in aws.pages("glue", "get_tables", "TableList", region=region, DatabaseName=each["Name"]):
                if _is_trail(entry) and table.lower() in ("", entry["Name"]):
                    yield _table(aws, region, entry)

    return aws.in_regions("glue:GetTables", question)


def _named(aws: Aws, region: str, database: str, table: str) -> TrailTable | None:
    try:
        entry = aws.client("glue", region).get_table(DatabaseName=database, Name=table)["Table"]
    except FAILURES as error:
        if code_of(error) in _ABSENT:
            return None
        raise
    return _table(aws, region, entry)


def _is_trail(entry: Mapping[str, Any]) -> bool:
    stored = entry.get("StorageDescriptor") or {}
    return stored.get("InputFormat") == _FORMAT or (entry.get("Parameters") or {}).get("classification") == "cloudtrail"


def _table(aws: Aws, region: str, entry: Mapping[str, Any]) -> TrailTable:
    name = f"{entry['DatabaseName']}.{entry['Name']}"
    stored, parameters = entry.get("StorageDescriptor") or {}, entry.get("Parameters") or {}
    location = str(stored.get("Location") or "").rstrip("/")
    listed = entry.get("PartitionKeys") or ()
    projected = str(parameters.get("projection.enabled")).lower() == "true"
    if projected:
        keys = tuple(_projected(each, parameters) for each in listed)
        hive = "/".join([location, *(f"{key.name}=${{{key.name}}}" for key in keys)])
        location = str(parameters.get("storage.location.template") or hive)
    else:
        values = _sample(aws, region, entry) if listed else ()
        keys = tuple(
            PartitionKey(each["Name"], str(each.get("Type") or "string"), format=format_of(value))
            for each, value in zip(listed, (*values, *[""] * len(listed)), strict=False)
        )
    columns = [path for each in stored.get("Columns") or () for path in _paths(each["Name"], str(each.get("Type")))]
    return TrailTable(TrailEngine.ATHENA, name, name, region, frozenset(columns), keys, location)


def _projected(entry: Mapping[str, Any], parameters: Mapping[str, str]) -> PartitionKey:
    def read(what: str) -> str:
        return str(parameters.get(f"projection.{entry['Name']}.{what}") or "")

    values = tuple(each.strip() for each in read("values").split(",") if each.strip())
    return PartitionKey(
        entry["Name"],
        str(entry.get("Type") or "string"),
        read("type").lower(),
        values,
        strftime_of(read("format")),
    )


def _sample(aws: Aws, region: str, entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the values of one partition, which show the date format; empty if they cannot be read."""
    client = aws.client("glue", region)
    reading = aws.read(
        "glue:GetPartitions",
        lambda: client.get_partitions(DatabaseName=entry["DatabaseName"], TableName=entry["Name"], MaxResults=1),
    )
    found = (reading.value or {}).get("Partitions") or ()
    return tuple(found[0].get("Values") or ()) if found else ()


def _paths(name: str, kind: str) -> Iterator[str]:
    """Yield the lower-case paths of a column and of its struct's fields (``useridentity.sessioncontext.…``)."""
    path = name.strip().strip("`").lower()
    yield path
    kind = kind.strip()
    if kind.lower().startswith("struct<") and kind.endswith(">"):
        for field in _split(kind[len("struct<") : -1]):
            inner, _, of = field.partition(":")
            yield from (f"{path}.{each}" for each in _paths(inner, of))


def _split(text: str) -> Iterator[str]:
    """Yield the parts of a text between the commas that are not inside brackets."""
    depth, start = 0, 0
    for at, sign in enumerate(text):
        depth += (sign in "<(") - (sign in ">)")
        if sign == "," and not depth:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def lake_stores(aws: Aws, name: str = "") -> Reading[tuple[TrailTable, ...]]:
    """Return the data stores that contain CloudTrail events, or the one with this name, ID or ARN.

    A store that another account shares is identified by its ARN.
    """
    given = Arn.parse(name) if name.startswith("arn:") else None
    if given is not None:
        return aws.read(
            "cloudtrail:GetEventDataStore", lambda: _stores_of(aws, given.region, [{"EventDataStoreArn": name}])
        )

    def question(region: str) -> Iterator[TrailTable]:
        client = aws.client("cloudtrail", region)
        for page in by_token(client.list_event_data_stores, "EventDataStores"):
            for store in _stores_of(aws, region, page["EventDataStores"]):
                if name in ("", store.name, store.id):
                    yield store

    return aws.in_regions("cloudtrail:ListEventDataStores", question)


def _stores_of(aws: Aws, region: str, listed: Any) -> tuple[TrailTable, ...]:
    client = aws.client("cloudtrail", region)
    found = []
    for entry in listed:
        arn = str(entry["EventDataStoreArn"])
        store = (
            aws.read(
                "cloudtrail:GetEventDataStore",
                lambda: client.get_event_data_store(EventDataStore=arn),  # noqa: B023 - called at once
            ).value
            or entry
        )
        if _has_events(store):
            columns = frozenset(part for field in RECORD for part in (field.lower(), field.lower().partition(".")[0]))
            name = str(store.get("Name") or arn.rpartition("/")[2])
            found.append(TrailTable(TrailEngine.LAKE, name, arn.rpartition("/")[2], region, columns, location=arn))
    return tuple(found)


def _has_events(store: Mapping[str, Any]) -> bool:
    """Whether the store contains CloudTrail's own events, not configuration items, insights or other records.

    A store without selectors may contain them.
    """
    if store.get("Status") in ("PENDING_DELETION", "CREATED"):
        return False
    kinds = {
        value
        for selector in store.get("AdvancedEventSelectors") or ()
        for field in selector.get("FieldSelectors") or ()
        if field.get("Field") == "eventCategory"
        for value in field.get("Equals") or ()
    }
    return not kinds or bool(kinds & {"Management", "Data"})
