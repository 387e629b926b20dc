"""A trail's answers for the calls of a role."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from iam.account import Account
from iam.sources.aws.trail_query.records import row_of
from iam.sources.reader.trail_queries import QueryPurpose, TrailQueryError, TrailRow
from tests.support.accounts.trail_records import ACCOUNT, record
from tests.support.accounts.trail_tables import NOW, WORKER, flat, ready


class Answer:
    """An answer that is there. ``breaks`` after so many rows."""

    def __init__(self, rows: list[TrailRow], breaks: int | None = None) -> None:
        self.listed, self.breaks, self.scanned = rows, breaks, 10
        self.stopped = False

    def rows(self, waiting: Callable[[float], object] = lambda _: None) -> Iterator[TrailRow]:
        waiting(1.0)
        for number, row in enumerate(self.listed):
            if number == self.breaks:
                break
            yield row
        if self.breaks is not None:
            raise TrailQueryError("AWS denied athena:GetQueryResults.")

    def stop(self) -> None:
        self.stopped = True


def account() -> Account:
    return Account(ACCOUNT, "aws", NOW, roles=(WORKER,))


def denied(account: str, name: str = "CreateRole", **more: Any) -> TrailRow:
    refused = record("iam", name, {"roleName": "x"}, error="AccessDenied", account=account, **more)
    return row_of({"record": json.dumps(flat(refused))}, ready(QueryPurpose.DENIALS))
