"""A running query: start it, read its rows page by page, and stop it if it is no longer needed."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

from iam.sources.aws import errors as aws_errors
from iam.sources.aws.session import FAILURES, Aws, by_token, that_end
from iam.sources.aws.trail_query.records import row_of
from iam.sources.reader.trail_queries import TrailEngine, TrailQuery, TrailQueryError, TrailRow

_FIRST_PAUSE, _LONGEST_PAUSE = 0.3, 4.0

Values = Mapping[str, str | None]
"""A row's values by column, with the columns' names in the query."""


class Answer(ABC):
    """The part of `TrailAnswer` that the Athena and CloudTrail Lake implementations share."""

    def __init__(self, aws: Aws, query: TrailQuery) -> None:
        self.scanned: int | None = None
        self._aws, self._query = aws, query
        self._id: str | None = None
        self._ended = False
        self._stopped = threading.Event()

    def rows(self, waiting: Callable[[float], object] = lambda _: None) -> Iterator[TrailRow]:
        try:
            if self._id is None:
                self._id = self._ask("start", self._start)
            self._wait(waiting)
            for values in self._pages():
                found = row_of(values, self._query)
                if found.record.get("eventName"):
                    yield found
        except FAILURES as error:
            raise self._failed("read", error) from error
        finally:
            if not self._ended:
                self._cancel()

    def stop(self) -> None:
        self._stopped.set()

    def _wait(self, waiting: Callable[[float], object]) -> None:
        pause, began = _FIRST_PAUSE, time.monotonic()
        while not self._ended:
            state, why = self._ask("describe", self._state)
            if state in ("SUCCEEDED", "FINISHED"):
                self._ended = True
            elif state in ("FAILED", "CANCELLED", "TIMED_OUT"):
                self._ended = True
                said = f": {why.rstrip('.')}." if why else "."
                raise TrailQueryError(f"{self._query.table.title}: the query {_ENDS[state]}{said}")
            elif self._stopped.wait(pause):
                raise TrailQueryError(f"{self._query.table.title}: the query was stopped before it had an answer.")
            waiting(time.monotonic() - began)
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _cancel(self) -> None:
        if self._id is not None:
            self._ended = True
            self._aws.read(self.calls["stop"], self._stop)

    def _ask(self, what: str, question: Any) -> Any:
        try:
            return question()
        except FAILURES as error:
            raise self._failed(what, error) from error

    def _failed(self, what: str, error: BaseException) -> TrailQueryError:
        return TrailQueryError(aws_errors.why(self.calls[what], error, self._aws.profile))

    calls: ClassVar[Mapping[str, str]]
    """The permission that each step requires."""

    @abstractmethod
    def _start(self) -> str: ...

    @abstractmethod
    def _state(self) -> tuple[str, str]:
        """Return the state of the query and the reason for it. Records the number of bytes scanned."""

    @abstractmethod
    def _pages(self) -> Iterator[Values]: ...

    @abstractmethod
    def _stop(self) -> None: ...


_ENDS = {"FAILED": "failed", "CANCELLED": "was cancelled", "TIMED_OUT": "took too long and was ended"}


class AthenaAnswer(Answer):
    calls: ClassVar[Mapping[str, str]] = {
        "start": "athena:StartQueryExecution",
        "describe": "athena:GetQueryExecution",
        "read": "athena:GetQueryResults",
        "stop": "athena:StopQueryExecution",
    }

    @property
    def _client(self) -> Any:
        return self._aws.client("athena", self._query.table.region)

    def _start(self) -> str:
        query = self._query
        output = {"ResultConfiguration": {"OutputLocation": query.output}} if query.output.startswith("s3://") else {}
        answer = self._client.start_query_execution(
            QueryString=query.sql,
            QueryExecutionContext={"Database": query.table.id.partition(".")[0]},
            WorkGroup=query.workgroup,
            **output,
        )
        return str(answer["QueryExecutionId"])

    def _state(self) -> tuple[str, str]:
        response = self._client.get_query_execution(QueryExecutionId=self._id)["QueryExecution"]
        status = response.get("Status") or {}
        self.scanned = (response.get("Statistics") or {}).get("DataScannedInBytes", self.scanned)
        return str(status.get("State")), str(status.get("StateChangeReason") or "")

    def _pages(self) -> Iterator[Values]:
        """Yield the pages.

        The first row of the first page contains the column names (Athena API Reference, GetQueryResults).
        """
        first = True
        pages = self._client.get_paginator("get_query_results").paginate(QueryExecutionId=self._id)
        for page in that_end(pages, "ResultSet"):
            result = page["ResultSet"]
            names = [str(each["Name"]) for each in result["ResultSetMetadata"]["ColumnInfo"]]
            for row in result.get("Rows") or ():
                values = [cell.get("VarCharValue") for cell in row.get("Data") or ()]
                if not first or values != names:
                    yield dict(zip(names, values, strict=True))
                first = False

    def _stop(self) -> None:
        self._client.stop_query_execution(QueryExecutionId=self._id)


class LakeAnswer(Answer):
    calls: ClassVar[Mapping[str, str]] = {
        "start": "cloudtrail:StartQuery",
        "describe": "cloudtrail:DescribeQuery",
        "read": "cloudtrail:GetQueryResults",
        "stop": "cloudtrail:CancelQuery",
    }

    @property
    def _client(self) -> Any:
        return self._aws.client("cloudtrail", self._query.table.region)

    def _start(self) -> str:
        owner = self._query.table.location.split(":")[4]
        other = {} if owner in ("", self._aws.caller().account) else {"EventDataStoreOwnerAccountId": owner}
        return str(self._client.start_query(QueryStatement=self._query.sql, **other)["QueryId"])

    def _state(self) -> tuple[str, str]:
        response = self._client.describe_query(QueryId=self._id)
        self.scanned = (response.get("QueryStatistics") or {}).get("BytesScanned", self.scanned)
        return str(response.get("QueryStatus")), str(response.get("ErrorMessage") or "")

    def _pages(self) -> Iterator[Values]:
        for page in by_token(partial(self._client.get_query_results, QueryId=self._id), "QueryResultRows"):
            for row in page.get("QueryResultRows") or ():
                yield {name: value for cell in row for name, value in cell.items() if value not in ("", "null")}

    def _stop(self) -> None:
        self._client.cancel_query(QueryId=self._id)


def answer(aws: Aws, query: TrailQuery) -> Answer:
    return (LakeAnswer if query.table.engine is TrailEngine.LAKE else AthenaAnswer)(aws, query)
