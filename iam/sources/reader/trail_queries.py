"""Interface for querying a trail in place: with Athena on its table, or with CloudTrail Lake on its event data store.

No query runs by itself: `trail_query` returns the query with the data that it will scan and its cost, and `ask_trail`
runs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from iam.account import Role


class TrailEngine(StrEnum):
    ATHENA = "Athena"
    LAKE = "CloudTrail Lake"


class QueryPurpose(StrEnum):
    """The kinds of questions that can be asked about a trail."""

    ROLE_CALLS = "the calls of one role"
    ALL_ROLES_CALLS = "the calls of every role"
    DENIALS = "the denials"
    CHANGES = "the changes of access"


@dataclass(frozen=True, slots=True)
class TrailSettings:
    """The configured settings for trail queries.

    ``profile`` is the AWS profile for the trail's account; "" if it is the open account. The default prices are those
    of us-east-1; other Regions have other prices.

    https://aws.amazon.com/athena/pricing/ and https://aws.amazon.com/cloudtrail/pricing/
    """

    profile: str = ""
    athena_workgroup: str = "primary"
    athena_output: str = ""
    athena_usd_per_tb: float = 5.0
    lake_usd_per_gb: float = 0.005


@dataclass(frozen=True, slots=True)
class PartitionKey:
    """A key by which a table is partitioned. ``type`` is its Glue type.

    For a projected key, ``projection`` is the type of projection, ``values`` are the values of an enumeration, and
    ``format`` is the format of a date (as for strftime).
    """

    name: str
    type: str = "string"
    projection: str = ""
    values: tuple[str, ...] = ()
    format: str = ""


@dataclass(frozen=True, slots=True)
class TrailTable:
    """A table or an event data store that can be queried.

    ``name`` is ``database.table`` in Athena, or the name of the event data store. ``id`` is its name in the FROM
    clause. ``columns`` are paths in lower case (``useridentity.arn``). ``location`` is where the files are, with
    ``${key}`` in place of the value of each projected partition.
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
    """A question about the events in a trail.

    ``account`` is the account whose events are read, ``accounts`` are several; without both, the events of all accounts
    in the trail are read. ``role`` is set for `QueryPurpose.ROLE_CALLS`. ``most`` is the maximum number of rows for
    denials and changes; ``events`` are the names of calls that count as changes.
    """

    purpose: QueryPurpose
    since: datetime
    until: datetime
    account: str | None = None
    role: Role | None = None
    most: int = 20_000
    events: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()

    @property
    def only_of(self) -> tuple[str, ...]:
        """The accounts whose events are read; empty means all accounts."""
        return (self.account,) if self.account else self.accounts


@dataclass(frozen=True, slots=True)
class TrailQuery:
    """A query that is ready to run.

    ``bytes`` is approximately how much data it will scan, None if this cannot be estimated; ``usd`` is what that costs.
    ``limit`` is how much the workgroup allows it to scan. ``output`` is where the engine writes the result. ``notes``
    are sentences that say how these values were determined.
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
    """Raised if the query failed or was cancelled, or if its result could not be read. ``str()`` is one sentence."""


@dataclass(frozen=True, slots=True)
class TrailRow:
    """A row of the result: one CloudTrail record, or, if ``whole`` is False, a summary of many.

    A summary has the number of ``events`` between ``eventTime`` and ``last``, and the fields that they have in common:
    Region, source, name, kind, and in the parameters the resource of a data event.
    """

    record: Mapping[str, Any]
    events: int = 1
    last: str = ""
    whole: bool = True
