"""A trail that is asked where it lies: by Athena over its table, or by CloudTrail Lake over its event data store.

Nothing runs by itself: `trail_query` gives the query with what it will scan and cost, and `ask_trail` runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from iam.account import Role
from iam.protocols import Protocol
from iam.sources.reader.reading import Reading


class TrailEngine(StrEnum):
    ATHENA = "Athena"
    LAKE = "CloudTrail Lake"


class Told(StrEnum):
    """What is asked of a trail."""

    ROLE_CALLS = "the calls of one role"
    ALL_ROLES_CALLS = "the calls of every role"
    DENIALS = "the denials"
    CHANGES = "the changes of access"


@dataclass(frozen=True, slots=True)
class TrailSettings:
    """What the configuration says of such queries. ``profile`` is the AWS profile of the account in which the trail
    lies, "" for the open account itself. The prices are us-east-1's; other regions have others.

    https://aws.amazon.com/athena/pricing/ and https://aws.amazon.com/cloudtrail/pricing/
    """

    profile: str = ""
    athena_workgroup: str = "primary"
    athena_output: str = ""
    athena_usd_per_tb: float = 5.0
    lake_usd_per_gb: float = 0.005


@dataclass(frozen=True, slots=True)
class PartitionKey:
    """One key of a table's partitions: its Glue type, and of a projected one its type of projection, values of an
    enumeration, and a date's format (as for strftime).
    """

    name: str
    type: str = "string"
    projection: str = ""
    values: tuple[str, ...] = ()
    format: str = ""


@dataclass(frozen=True, slots=True)
class TrailTable:
    """What can be asked. ``name`` is ``database.table`` of Athena's, the name of an event data store of Lake's; ``id``
    what stands behind FROM. ``columns`` are paths in lower case (``useridentity.arn``). ``location`` is where the files
    are, with ``${key}`` for each partition's value where they are projected.
    """

    engine: TrailEngine
    name: str
    id: str
    region: str
    columns: frozenset[str]
    partitions: tuple[PartitionKey, ...] = ()
    location: str = ""

    @property
    def title(self) -> str:
        return f"{self.engine} {self.name}"


@dataclass(frozen=True, slots=True)
class TrailQuestion:
    """``account`` is the one whose events are meant, ``accounts`` are several; without both, every account in the trail
    is. ``role`` is there for `Told.ROLE_CALLS`. ``most`` rows are wanted of the denials and
    of the changes; ``events`` names the calls that are changes.
    """

    told: Told
    since: datetime
    until: datetime
    account: str | None = None
    role: Role | None = None
    most: int = 20_000
    events: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()

    @property
    def only_of(self) -> tuple[str, ...]:
        """The accounts whose events are meant; none where every account's are."""
        return (self.account,) if self.account else self.accounts


@dataclass(frozen=True, slots=True)
class TrailQuery:
    """A query that is ready to run. ``bytes`` is about what it will scan, None where nobody can know, ``usd`` what that
    costs; ``limit`` is what its workgroup lets it scan. ``output`` is where the engine writes the result. ``notes`` are
    sentences on how these are known.
    """

    table: TrailTable
    question: TrailQuestion
    sql: str
    bytes: int | None = None
    usd: float | None = None
    limit: int | None = None
    workgroup: str = ""
    output: str = ""
    notes: tuple[str, ...] = ()


class TrailQueryError(Exception):
    """The query failed, was cancelled, or its result could not be read (further). ``str()`` is one sentence."""


@dataclass(frozen=True, slots=True)
class TrailRow:
    """A record of CloudTrail's, or, not ``whole``, what so many ``events`` between ``eventTime`` and ``last`` have in
    common: region, source, name, kind, and in the parameters what a data event is about.
    """

    record: Mapping[str, Any]
    events: int = 1
    last: str = ""
    whole: bool = True


class TrailAnswer(Protocol):
    """A query's answer. ``rows`` starts the query when it is walked for the first time, waits for it (``waiting`` is
    told the seconds so far, now and then), and gives its rows page by page; walked again it reads the same result
    without running anything. Raises `TrailQueryError`. Leaving the first walk before the query has ended stops it.
    ``scanned`` is in bytes, once it has ended.
    """

    scanned: int | None

    def rows(self, waiting: Callable[[float], object] = ...) -> Iterator[TrailRow]: ...

    def stop(self) -> None:
        """End it, from any thread."""


class TrailQuerySource(Protocol):
    """The engines that can be asked."""

    def trail_tables(self, engine: TrailEngine, name: str = "") -> Reading[tuple[TrailTable, ...]]:
        """The trails' tables in Athena's catalogue, or the event data stores, of the regions in use; of that name, ARN
        or ID where one is given.
        """

    def trail_query(self, table: TrailTable, question: TrailQuestion, settings: TrailSettings) -> Reading[TrailQuery]:
        """The query, and what it will scan as far as that can be known without running it."""

    def ask_trail(self, query: TrailQuery) -> TrailAnswer: ...
