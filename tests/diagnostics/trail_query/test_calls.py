"""A query's answer as recorded calls: the same as the trail's own files, and what is said where it breaks off."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from diagnostics.recent.denials import RecentDenials, walk
from diagnostics.recent.report import HowFar, to_json, to_text
from diagnostics.right_size.calls import RecordedCall
from diagnostics.right_size.trail import Coverage, TrailFiles
from diagnostics.trail_query.calls import QueriedTrail
from diagnostics.trail_query.denials import denial_pages
from diagnostics.trail_query.offer import offer_lines, size_words
from iam.sources.aws.trail_query.records import row_of
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.trail_queries import QueryPurpose
from iam.sources.source_error import SourceError
from tests.support.accounts.trail_records import ACCOUNT, record
from tests.support.accounts.trail_tables import WORKER, answer_rows, ready
from tests.support.history.trail_calls import Answer, account, denied

OTHER: dict[str, Any] = {"role": f"arn:aws:iam::{ACCOUNT}:role/other", "role_id": "AROAOTHER"}
RECORDS = [
    *(record("sqs", "SetQueueAttributes", {"queueUrl": "https://sqs.us-east-1.amazonaws.com/1/q"}, n=i) for i in "ab"),
    record("s3", "GetObject", {"bucketName": "data", "key": "k"}, reads=True, data=True),
    *[record("s3", "GetObject", {"bucketName": "logs", "key": "k"}, reads=True, data=True, **OTHER)] * 3,
    record("ec2", "DescribeVpcs", reads=True, **OTHER, time="2026-11-21T00:00:00Z"),
    record("ec2", "DescribeVpcs", reads=True, **OTHER, time="2026-11-25T00:00:00Z", region="eu-west-1"),
    record("madeup", "DoSomething"),
    record("ec2", "CreateVpc", error="Client.UnauthorizedOperation", time="2026-11-27T08:00:00Z"),
]


class Reader:
    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def ask_trail(self, query: object) -> Answer:
        return self.answer


def queried(rows: list[dict[str, str | None]], breaks: int | None = None) -> QueriedTrail:
    query = ready()
    answer = Answer([row_of(row, query) for row in rows], breaks)
    return QueriedTrail(query, cast(AccountReader, Reader(answer)), account())


def of_files(records: list[dict[str, Any]], tmp_path: Path) -> TrailFiles:
    path = tmp_path / "trail.json"
    path.write_text(json.dumps({"Records": records}))
    return TrailFiles((path,), WORKER, account())


def purpose(coverage: Coverage) -> Mapping[str, Any]:
    """What it shows, and data events' places as kinds: a query tells others' by bucket or table."""
    return {
        "events": coverage.events,
        "of_role": coverage.of_role,
        "span": (coverage.first, coverage.last),
        "regions": coverage.regions,
        "services": coverage.services,
        "management": coverage.management,
        "data": coverage.data.keys(),
        "whole": coverage.whole,
    }


@pytest.mark.parametrize("category", [True, False])
def test_a_query_tells_what_the_files_tell(tmp_path: Path, category: bool) -> None:
    """Also of an older table, which has no column for the kind of event."""
    files, asked = of_files(RECORDS, tmp_path), queried(answer_rows(RECORDS, category=category))
    for _ in range(2):
        assert Counter(map(repr, map(_plain, files.calls()))) == Counter(map(repr, map(_plain, asked.calls())))
    assert purpose(files.coverage) == purpose(asked.coverage)
    assert files.unknown == asked.unknown and asked.problems == []
    assert "arn:*:s3:::logs*" in asked.coverage.data["s3", True]


def _plain(call: RecordedCall) -> tuple[Any, ...]:
    return call.action, call.resources, sorted(call.context.items()), call.time, call.refused, call.dependent


def test_an_answer_that_breaks_off_counts_and_is_not_whole() -> None:
    trail = queried(answer_rows(RECORDS), breaks=2)
    assert len(list(trail.calls())) == 2
    assert not trail.coverage.whole
    assert trail.problems == ["AWS denied athena:GetQueryResults. The 2 rows before that were read."]
    with pytest.raises(SourceError, match=r"AWS denied athena:GetQueryResults"):
        list(queried(answer_rows(RECORDS), breaks=0).calls())


def test_no_row_is_said_and_shows_nothing_unused() -> None:
    trail = queried([])
    assert list(trail.calls()) == [] and not trail.coverage.whole
    assert trail.problems == [f"Athena security.cloudtrail_logs has no event of account {ACCOUNT} since 2026-11-25."]


def test_what_is_said_before_it_runs() -> None:
    said = list(offer_lines(ready(bytes=12_000_000_000, usd=0.0546, limit=10_000_000_000)))
    assert said[0] == "Scans about 11.2 GB, about 0.05 USD."
    assert said[1].startswith(
        "Athena security.cloudtrail_logs (us-east-1): the calls of worker of account 111122223333"
    )
    assert "would end at this limit" in said[2] and said[-1] == "SELECT 1"
    assert next(offer_lines(ready())) == "It is unknown how much the query scans and costs."
    assert next(offer_lines(ready(bytes=10, usd=0.00005))) == "Scans about 10 bytes, less than 0.01 USD."
    assert size_words(1023) == "1023 bytes" and size_words(1 << 40) == "1.0 TB"


def test_a_table_whose_last_days_are_missing_shows_nothing_unused() -> None:
    trail = queried(answer_rows(RECORDS[:-1]))
    list(trail.calls())
    assert not trail.coverage.whole
    assert trail.problems == [
        ("The last event of Athena security.cloudtrail_logs is of 2026-11-25, so later partitions may be missing.")
    ]


def test_network_activity_is_no_management_event() -> None:
    row: dict[str, str | None] = {"eventname": "GetObject", "eventsource": "s3.amazonaws.com", "readonly": "true"}
    trail = queried([{**row, "eventcategory": "NetworkActivity", "first": "2026-11-27T08:00:00Z", "events": "5"}])
    list(trail.calls())
    assert trail.coverage.management == set() and trail.coverage.events == 5


# Denials of an organization


def test_the_denials_of_a_whole_organization_are_told_by_account() -> None:
    rows = [denied(ACCOUNT), denied("444455556666"), denied("444455556666"), denied("444455556666", "DeleteRole")]
    found = RecentDenials()
    list(walk(denial_pages(Answer(rows)), found, most=20_000))
    assert found.ended and sorted((each.account, each.what, each.count) for each in found.newest()) == [
        ("111122223333", "iam:CreateRole", 1),
        ("444455556666", "iam:CreateRole", 2),
        ("444455556666", "iam:DeleteRole", 1),
    ]
    far = HowFar(found.events, found.reached, found.ended, found.why, ready(QueryPurpose.DENIALS), ACCOUNT)
    text = to_text(found.newest(), far)
    assert text.count("444455556666, us-east-1") == 2 and "111122223333, us-east-1" not in text
    assert "Athena security.cloudtrail_logs has 4 refused calls since 2026-11-25, back to" in text
    whole = to_json(found.newest(), far)
    assert whole["query"]["sql"] == "SELECT 1" and {each["account"] for each in whole["denials"]} == {
        ACCOUNT,
        "444455556666",
    }


def test_denials_that_break_off_say_why() -> None:
    found = RecentDenials()
    list(walk(denial_pages(Answer([denied(ACCOUNT)], breaks=0)), found))
    assert found.unreadable and found.why == {"": "AWS denied athena:GetQueryResults."}
    partly = RecentDenials()
    list(walk(denial_pages(Answer([denied(ACCOUNT)], breaks=1)), partly))
    assert not partly.unreadable and partly.events == 1 and partly.why
