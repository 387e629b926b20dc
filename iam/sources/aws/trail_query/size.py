"""Estimate how much data a query will scan, from the sizes of the objects in the folders that it needs.

Athena has no dry run. At most `MOST_LISTS` calls list folders, which are spread over the entire time; the other folders
are assumed to be of the same size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from iam.sources.aws.session import Aws
from iam.sources.aws.trail_query.partitions import folders, is_asked
from iam.sources.reader.reading import Reading
from iam.sources.reader.trail_queries import TrailQuestion, TrailTable
from iam.words import plural

MOST_LISTS = 60
_MOST_FOLDERS = 50_000
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class ScanSize:
    """The estimated number of bytes that a query scans. ``note`` is a sentence that says how it was estimated."""

    bytes: int
    note: str


def scan_size(aws: Aws, table: TrailTable, question: TrailQuestion) -> Reading[ScanSize]:
    places = _places(aws, table, question)
    if places.value is None:
        return Reading(places.call, why=places.why)
    return aws.read("s3:ListBucket", lambda: _size(aws, table.region, places.value or ()))


def _places(aws: Aws, table: TrailTable, question: TrailQuestion) -> Reading[tuple[str, ...]]:
    if any(key.projection for key in table.partitions):
        return Reading("", tuple(islice(folders(table, question, aws.regions), _MOST_FOLDERS)))
    if not table.partitions:
        return Reading("", (f"{table.location}/",))
    database, name = table.id.split(".", 1)

    def listed() -> Iterator[str]:
        pages = aws.pages(
            "glue",
            "get_partitions",
            "Partitions",
            region=table.region,
            DatabaseName=database,
            TableName=name,
            ExcludeColumnSchema=True,
        )
        for entry in pages:
            values = dict(zip((key.name for key in table.partitions), entry.get("Values") or (), strict=False))
            if is_asked(table, question, values):
                yield str((entry.get("StorageDescriptor") or {}).get("Location") or "").rstrip("/") + "/"

    return aws.read("glue:GetPartitions", lambda: tuple(islice(listed(), _MOST_FOLDERS)))


def _size(aws: Aws, region: str, places: tuple[str, ...]) -> ScanSize:
    client = aws.client("s3", region)
    spread = sorted(range(len(places)), key=lambda at: at * _GOLDEN % 1)
    total = lists = done = 0
    cut = False
    for at in spread:
        bucket, _, prefix = places[at].removeprefix("s3://").partition("/")
        token: dict[str, str] = {}
        while not cut:
            answer = client.list_objects_v2(Bucket=bucket, Prefix=prefix, **token)
            total += sum(int(each.get("Size") or 0) for each in answer.get("Contents") or ())
            lists += 1
            if not answer.get("IsTruncated"):
                break
            cut = lists >= MOST_LISTS
            token = {"ContinuationToken": answer["NextContinuationToken"]}
        if cut:
            break
        done += 1
        if lists >= MOST_LISTS:
            break
    folder = plural(len(places), "folder")
    if not places:
        return ScanSize(0, "The table has no partition for this time.")
    if cut and not done:
        return ScanSize(total, f"This is a minimum: {lists} pages of one folder's list were read, and there are more.")
    if done < len(places):
        return ScanSize(total * len(places) // done, f"Estimated from the objects in {done:,} of {folder}.")
    return ScanSize(total, f"Estimated from the objects in {folder}.")
