"""The query that a question becomes: narrowed to the partitions that it needs, with every name as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from iam.sources.aws.trail_query.literals import quoted
from iam.sources.aws.trail_query.partitions import conditions, folders, format_of, is_asked, strftime_of
from iam.sources.aws.trail_query.sql import RECORD, query
from iam.sources.reader.trail_queries import PartitionKey, QueryPurpose, TrailEngine, TrailTable
from tests.support.accounts.trail_tables import BUCKET, BY_DAY, COLUMNS, WORKER, question, table

STORE = TrailTable(
    TrailEngine.LAKE,
    "events",
    "EXAMPLE-0f1a",
    "us-east-1",
    frozenset(part for field in RECORD for part in (field.lower(), field.lower().partition(".")[0])),
    location="arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/EXAMPLE-0f1a",
)


def split(*names: str, kind: str = "string") -> list[PartitionKey]:
    return [PartitionKey(name, kind) for name in names]


def test_the_calls_of_a_role_are_one_scan_of_its_account_and_its_days() -> None:
    sql = query(table(BY_DAY), question())
    assert sql.count("FROM") == 2 and 'FROM "security"."cloudtrail_logs"' in sql
    assert "recipientaccountid = '111122223333'" in sql
    assert "\"timestamp\" BETWEEN '2026/11/25' AND '2026/11/28'" in sql
    assert "eventtime >= '2026-11-25T09:00:00Z'" in sql
    assert "useridentity.sessioncontext.sessionissuer.arn = 'arn:aws:iam::111122223333:role/app/worker'" in sql
    assert "starts_with(useridentity.arn, 'arn:aws:sts::111122223333:assumed-role/worker/')" in sql


def test_fields_that_the_table_lacks_are_not_asked_for() -> None:
    old = table(BY_DAY, columns=COLUMNS - {"eventcategory", "tlsdetails.tlsversion", "vpcendpointid"})
    sql = query(old, question())
    assert "CAST(NULL AS varchar) AS eventcategory" in sql
    assert "tlsdetails" not in sql and "vpcendpointid" not in sql
    with pytest.raises(ValueError, match="lacks the column eventname"):
        query(table(columns=COLUMNS - {"eventname"}), question())
    with pytest.raises(ValueError, match="is not that of an event data store"):
        query(replace(STORE, id="x; SELECT 1"), question())


@pytest.mark.parametrize("name", ["o'brien", "' OR '1'='1", "x'); DROP TABLE y; --", 'a"b', "${x}", "%_"])
def test_a_name_is_text_and_nothing_else(name: str) -> None:
    hostile = replace(WORKER, name=name, arn=f"arn:aws:iam::111122223333:role/{name}", id=name)
    for where in (table(BY_DAY), STORE):
        sql = query(where, question(role=hostile))
        assert quoted(f"arn:aws:iam::111122223333:role/{name}") in sql
        outside = sql.replace("''", "").split("'")[::2]
        assert not any(name in part for part in outside)


def test_a_control_character_is_no_part_of_a_query() -> None:
    with pytest.raises(ValueError, match="control character"):
        query(table(BY_DAY), question(role=replace(WORKER, id="A\x00B")))


def test_an_organizations_denials_are_of_every_account() -> None:
    sql = query(table(BY_DAY), question(QueryPurpose.DENIALS, account=None))
    assert "recipientaccountid =" not in sql
    assert "regexp_like(errorcode, '(?i)AccessDenied|" in sql and "^403$" in sql
    assert sql.endswith("ORDER BY eventtime DESC\nLIMIT 20000")


def test_lake_is_asked_by_its_id_and_in_its_types() -> None:
    sql = query(STORE, question())
    assert "FROM EXAMPLE-0f1a\n" in sql and "eventtime >= '2026-11-25 09:00:00'" in sql
    assert "element_at(requestparameters, 'bucketName')" in sql and "CAST(managementevent AS varchar)" in sql


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ([], []),
        ([PartitionKey("dt", "date")], ["\"dt\" BETWEEN DATE '2026-11-25' AND DATE '2026-11-28'"]),
        ([PartitionKey("date", format="%Y-%m-%d")], ["\"date\" BETWEEN '2026-11-25' AND '2026-11-28'"]),
        (
            [PartitionKey("ts", "string", "date", format="%Y/%m/%d/%H")],
            ["\"ts\" BETWEEN '2026/11/25/00' AND '2026/11/29/00'"],
        ),
        (
            split("region", "year", "month", "day"),
            [
                'CAST("year" AS integer) * 10000 + CAST("month" AS integer) * 100 + CAST("day" AS integer) '
                "BETWEEN 20261125 AND 20261128"
            ],
        ),
        (
            split("year", "month"),
            ['CAST("year" AS integer) * 100 + CAST("month" AS integer) BETWEEN 202611 AND 202611'],
        ),
        (split("account_id", "organization"), ["\"account_id\" = '111122223333'"]),
        ([PartitionKey("account", "bigint", "injected")], ['"account" = 111122223333']),
        ([PartitionKey("part", format="%Y")], []),
    ],
)
def test_the_partitions_that_are_needed(keys: list[PartitionKey], said: list[str]) -> None:
    assert list(conditions(table(*keys), question())) == said


def test_several_accounts_are_one_query() -> None:
    accounts = ("111122223333", "444455556666")
    asked = replace(question(QueryPurpose.ALL_ROLES_CALLS, account=None), accounts=accounts)
    where = table(PartitionKey("account", "bigint", "injected"), location=f"{BUCKET}/${{account}}")
    sql = query(where, asked)
    assert "recipientaccountid IN ('111122223333', '444455556666')" in sql
    assert '"account" IN (111122223333, 444455556666)' in sql
    assert "split_part(useridentity.arn, ':', 5) = recipientaccountid" in sql and sql.count("SELECT") == 2
    assert list(folders(where, asked, ())) == [f"{BUCKET}/{account}/" for account in accounts]
    by_account = table(PartitionKey("account", "string"))
    assert [is_asked(by_account, asked, {"account": each}) for each in (*accounts, "777788889999")] == [
        True,
        True,
        False,
    ]


def test_a_key_that_athena_wants_a_value_of_is_named() -> None:
    by_account = table(PartitionKey("account", "string", "injected"))
    with pytest.raises(ValueError, match="partitioned by account, for which Athena requires a value"):
        query(by_account, question(QueryPurpose.DENIALS, account=None))


def test_the_folders_of_projected_partitions() -> None:
    assert list(folders(table(BY_DAY), question(days=1), ("us-east-1",))) == [
        f"{BUCKET}/us-east-1/2026/11/{day}/" for day in (26, 27, 28)
    ]
    many = table(
        PartitionKey("account", projection="enum", values=("111122223333", "444455556666")),
        PartitionKey("region", projection="injected"),
        *(PartitionKey(name, projection="integer") for name in ("year", "month", "day")),
        location="s3://b/AWSLogs/${account}/CloudTrail/${region}/${year}/${month}/${day}",
    )
    found = list(folders(many, question(days=0.1), ("us-east-1", "eu-west-1")))
    assert found[:2] == [
        f"s3://b/AWSLogs/111122223333/CloudTrail/{each}/2026/11/27/" for each in ("us-east-1", "eu-west-1")
    ]
    assert len(found) == 4
    assert len(list(folders(many, question(days=0.1, account=None), ("us-east-1",)))) == 4


def test_the_partitions_of_the_catalogue() -> None:
    keys = table(*split("account", "region", "year", "month", "day"))

    def asked(*values: str) -> bool:
        return is_asked(keys, question(), dict(zip(("account", "region", "year", "month", "day"), values, strict=True)))

    assert asked("111122223333", "eu-west-1", "2026", "11", "26")
    assert asked("111122223333", "eu-west-1", "2026", "11", "28")
    assert not asked("111122223333", "eu-west-1", "2026", "11", "24")
    assert not asked("444455556666", "eu-west-1", "2026", "11", "26")
    by_date = table(PartitionKey("date", format="%Y%m%d"))
    assert is_asked(by_date, question(), {"date": "20261126"})
    assert not is_asked(by_date, question(), {"date": "20251126"})


def test_how_dates_are_written() -> None:
    assert strftime_of("yyyy/MM/dd") == "%Y/%m/%d"
    assert strftime_of("yyyy-MM-dd-HH") == "%Y-%m-%d-%H"
    assert strftime_of("yyyy'/'MM'/'dd") == "%Y/%m/%d"
    assert strftime_of("dd MMM") == strftime_of("yyyy-MM-dd'T'HH:mm") == ""
    assert format_of("2026/11/27") == "%Y/%m/%d" and format_of("20261127") == "%Y%m%d"
    assert format_of("2026-11/27") == format_of("us-east-1") == ""


def test_times_are_of_the_days_that_the_calendar_has() -> None:
    start = replace(question(), since=datetime(2025, 12, 31, 23, tzinfo=UTC), until=datetime(2026, 1, 1, 1, tzinfo=UTC))
    found = list(folders(table(BY_DAY), start, ()))
    assert [place[-11:] for place in found] == ["2025/12/31/", "2026/01/01/", "2026/01/02/"]
