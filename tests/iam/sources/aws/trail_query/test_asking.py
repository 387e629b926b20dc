"""A trail's table found, its query offered with what it costs, run, read and stopped: against moto's Athena."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from moto.athena.models import QueryResults, athena_backends

from iam.sources.aws.reader import AwsReader
from iam.sources.aws.session import Aws
from iam.sources.aws.trail_query import answer as answering
from iam.sources.aws.trail_query import size
from iam.sources.reader.trail_queries import TrailEngine, TrailQuery, TrailQueryError, TrailSettings, TrailTable
from tests.iam.sources.conftest import Fail
from tests.support.accounts.trail_records import record
from tests.support.accounts.trail_tables import NOW, Glue, answer, answer_rows, glue_table, question, ready, table

SETTINGS = TrailSettings(athena_output="s3://results/")
MOTO_ACCOUNT = "123456789012"


@pytest.fixture
def glue(monkeypatch: pytest.MonkeyPatch) -> Glue:
    return Glue(monkeypatch)


@pytest.fixture
def reader(session: boto3.Session, glue: Glue) -> AwsReader:
    return AwsReader(session, clock=lambda: NOW)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "_FIRST_PAUSE", 0.001)


def queue(rows: list[dict[str, str | None]], names: tuple[str, ...] = ("record", "eventname", "eventsource")) -> None:
    """What moto's Athena answers the next query with."""
    info = [{"Name": name, "Type": "varchar"} for name in names]
    lines = [{"Data": [{"VarCharValue": name} for name in names]}]
    for row in rows:
        lines.append({"Data": [{} if row.get(name) is None else {"VarCharValue": row[name]} for name in names]})
    athena_backends[MOTO_ACCOUNT]["us-east-1"].query_results_queue.append(QueryResults(lines, info))


def calls_of(session: boto3.Session, *services: str) -> list[str]:
    made: list[str] = []

    def note(event_name: str, **_: Any) -> None:
        made.append(event_name.rpartition(".")[2])

    for service in services:
        session.events.register_first(f"before-send.{service}", note)
    return made


# Tables


def test_only_tables_of_trails_are_found(reader: AwsReader, glue: Glue) -> None:
    glue.tables = [
        glue_table(),
        glue_table("vpc_flow", format="org.apache.hadoop.mapred.TextInputFormat", parameters={}),
    ]
    found = reader.trail_tables(TrailEngine.ATHENA).value
    assert found is not None and [each.name for each in found] == ["security.cloudtrail_logs"]
    (only,) = found
    assert only.partitions[0].format == "%Y/%m/%d" and "${timestamp}" in only.location
    assert "useridentity.sessioncontext.sessionissuer.arn" in only.columns
    named = reader.trail_tables(TrailEngine.ATHENA, "SECURITY.cloudtrail_logs").value
    assert named == found
    assert reader.trail_tables(TrailEngine.ATHENA, "security.none").value == ()
    assert reader.trail_tables(TrailEngine.ATHENA, "cloudtrail_logs").value == found


def test_partitions_of_the_catalogue_show_how_days_are_written(reader: AwsReader, glue: Glue) -> None:
    keys = [{"Name": "region", "Type": "string"}, {"Name": "date", "Type": "string"}]
    glue.tables = [glue_table(keys=keys, parameters={})]
    glue.partitions = [{"Values": ["us-east-1", "2026-11-27"]}]
    (found,) = reader.trail_tables(TrailEngine.ATHENA).value or ()
    assert [key.format for key in found.partitions] == ["", "%Y-%m-%d"]


def test_a_catalogue_that_may_not_be_read_is_said(reader: AwsReader, glue: Glue) -> None:
    glue.refused = "GetDatabases"
    found = reader.trail_tables(TrailEngine.ATHENA)
    assert found.value is None and "AWS denied glue:GetTables" in found.why


# The offer


def put_objects(session: boto3.Session, sizes: dict[str, int]) -> None:
    s3 = session.client("s3")
    s3.create_bucket(Bucket="trail-logs")
    for day, count in sizes.items():
        key = f"AWSLogs/111122223333/CloudTrail/us-east-1/{day}/x.json.gz"
        s3.put_object(Bucket="trail-logs", Key=key, Body=b"x" * count)


def offered(reader: AwsReader, where: TrailTable | None = None, settings: TrailSettings = SETTINGS) -> TrailQuery:
    if where is None:
        found = reader.trail_tables(TrailEngine.ATHENA)
        assert found.value, found.why
        (where,) = found.value
    found = reader.trail_query(where, question(), settings)
    assert found.value is not None, found.why
    return found.value


def test_what_a_query_scans_is_the_size_of_its_folders(reader: AwsReader, glue: Glue, session: boto3.Session) -> None:
    glue.tables = [glue_table()]
    put_objects(session, {"2026/11/20": 5000, "2026/11/26": 700, "2026/11/27": 300})
    query = offered(reader)
    assert query.bytes == 1000 and query.output == "s3://results/" and query.limit is None
    assert query.usd == pytest.approx(10 / 1024**2 * 5)  # 10 MB are charged at least
    assert "Estimated from the objects in 4 folders." in query.notes
    assert "Athena charges 5 USD per TB scanned (https://aws.amazon.com/athena/pricing/)." in query.notes


def test_of_many_folders_some_are_listed(
    reader: AwsReader, glue: Glue, session: boto3.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    glue.tables = [glue_table()]
    put_objects(session, {f"2026/11/{day}": 100 for day in range(24, 29)})
    monkeypatch.setattr(size, "MOST_LISTS", 2)
    query = offered(reader)
    assert query.bytes == 400 and "Estimated from the objects in 2 of 4 folders." in query.notes


def test_a_table_without_partitions_is_scanned_whole(reader: AwsReader, glue: Glue, session: boto3.Session) -> None:
    glue.tables = [glue_table(keys=[], parameters={})]
    put_objects(session, {"2020/01/01": 5000, "2026/11/26": 700})
    query = offered(reader)
    assert query.bytes == 5700
    assert (
        "The table is not partitioned by time, so the query scans all of it, whatever period you ask for."
        in query.notes
    )


def test_the_workgroups_limit_and_its_place_are_said(reader: AwsReader, glue: Glue, session: boto3.Session) -> None:
    glue.tables = [glue_table()]
    put_objects(session, {"2026/11/26": 700})
    session.client("athena").create_work_group(
        Name="audit",
        Configuration={
            "ResultConfiguration": {"OutputLocation": "s3://audit-results/"},
            "EnforceWorkGroupConfiguration": True,
            "BytesScannedCutoffPerQuery": 10_000_000,
        },
    )
    query = offered(reader, settings=TrailSettings("", "audit", "s3://mine/"))
    assert (query.workgroup, query.output, query.limit) == ("audit", "s3://audit-results/", 10_000_000)
    (where,) = reader.trail_tables(TrailEngine.ATHENA).value or ()
    without = reader.trail_query(where, question(), TrailSettings())
    assert without.value is None and "has no output location" in without.why


def test_what_cannot_be_known_is_unknown(reader: AwsReader, glue: Glue, session: boto3.Session, fail: Fail) -> None:
    glue.tables = [glue_table()]
    fail("s3", "ListObjectsV2", "AccessDenied")
    fail("athena", "GetWorkGroup", "AccessDeniedException")
    query = offered(reader)
    assert query.bytes is None and query.usd is None and query.limit is None
    said = " ".join(query.notes)
    assert "It is unknown how much the query will scan: AWS denied s3:ListBucket" in said
    assert "It is unknown whether the workgroup limits the query: AWS denied athena:GetWorkGroup" in said


def test_chinas_prices_are_not_in_usd(reader: AwsReader, session: boto3.Session) -> None:
    query = offered(reader, table(location="s3://nowhere", region="cn-north-1"))
    assert query.usd is None and "The price of a query in China's Regions is unknown here." in query.notes


# The answer


def test_the_rows_come_page_by_page_and_again_without_a_second_query(reader: AwsReader, session: boto3.Session) -> None:
    made = calls_of(session, "athena")
    queue(
        answer_rows([record("sqs", "SetQueueAttributes", {"queueUrl": "q"}), record("ec2", "CreateVpc", role_id="X")])
    )
    asked = reader.ask_trail(ready())
    rows = list(asked.rows())
    assert [row.whole for row in rows] == [True, False]
    assert rows[0].record["requestParameters"] == {"queueUrl": "q"}
    assert rows[0].record["userIdentity"]["sessionContext"]["sessionIssuer"]["type"] == "Role"
    assert rows[1].record["eventSource"] == "ec2.amazonaws.com"
    assert list(asked.rows()) == rows and asked.scanned == 0
    assert made.count("StartQueryExecution") == 1 and "StopQueryExecution" not in made


def asked_for(request: Any) -> str:
    return str(json.loads(request.body)["QueryExecutionId"])


def states(session: boto3.Session, *told: dict[str, Any]) -> None:
    """What GetQueryExecution says, one after the other; the last for ever."""
    left = list(told)

    def say(request: Any, **_: Any) -> AWSResponse:
        now = left.pop(0) if len(left) > 1 else left[0]
        return answer(request.url, 200, {"QueryExecution": {"QueryExecutionId": asked_for(request), "Status": now}})

    session.events.register_first("before-send.athena.GetQueryExecution", say)


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        ("FAILED", "COLUMN_NOT_FOUND: line 1", "the query failed: COLUMN_NOT_FOUND: line 1."),
        ("CANCELLED", "Bytes scanned limit was exceeded", "the query was cancelled: Bytes scanned limit was exceeded."),
        ("CANCELLED", "", "the query was cancelled."),
    ],
)
def test_a_query_that_ends_without_an_answer(
    reader: AwsReader, session: boto3.Session, state: str, reason: str, said: str
) -> None:
    made = calls_of(session, "athena")
    states(session, {"State": "QUEUED"}, {"State": state, "StateChangeReason": reason})
    with pytest.raises(TrailQueryError) as caught:
        list(reader.ask_trail(ready()).rows())
    assert said in str(caught.value) and "StopQueryExecution" not in made


def test_a_query_in_a_state_that_is_unknown_is_stopped(reader: AwsReader, session: boto3.Session) -> None:
    made = calls_of(session, "athena")
    states(session, {"State": "PONDERING"})
    with pytest.raises(TrailQueryError, match="the state PONDERING is unknown to this version"):
        list(reader.ask_trail(ready()).rows())
    assert made[-1] == "StopQueryExecution"


def test_leaving_stops_the_query(reader: AwsReader, session: boto3.Session) -> None:
    made = calls_of(session, "athena")
    states(session, {"State": "RUNNING"})

    def leave(seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(reader.ask_trail(ready()).rows(leave))
    assert made[-1] == "StopQueryExecution"
    asked = reader.ask_trail(ready())
    asked.stop()
    with pytest.raises(TrailQueryError, match="was stopped"):
        list(asked.rows())
    assert made[-1] == "StopQueryExecution"


def test_a_query_is_stopped_even_when_the_reader_was_closed(reader: AwsReader, session: boto3.Session) -> None:
    made = calls_of(session, "athena")
    states(session, {"State": "RUNNING"})
    with pytest.raises(TrailQueryError):
        list(reader.ask_trail(ready()).rows(lambda seconds: reader.close()))
    assert made[-1] == "StopQueryExecution"


@pytest.mark.parametrize(
    ("operation", "code", "said"),
    [
        ("StartQueryExecution", "AccessDeniedException", "AWS denied athena:StartQueryExecution"),
        ("GetQueryExecution", "AccessDeniedException", "AWS denied athena:GetQueryExecution"),
        ("GetQueryResults", "AccessDeniedException", "AWS denied athena:GetQueryResults"),
    ],
)
def test_faults_are_said_by_the_permission(reader: AwsReader, fail: Fail, operation: str, code: str, said: str) -> None:
    fail("athena", operation, code)
    with pytest.raises(TrailQueryError) as caught:
        list(reader.ask_trail(ready()).rows())
    assert said in str(caught.value)


# CloudTrail Lake, which moto lacks


class Lake:
    """An event data store's side of the calls that are made."""

    def __init__(self, *pages: list[list[dict[str, str | None]]], status: str = "FINISHED", error: str = "") -> None:
        self.pages, self.status, self.error = pages, status, error
        self.made: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Callable[..., dict[str, Any]]:
        def call(**given: Any) -> dict[str, Any]:
            self.made.append((name, given))
            return dict(getattr(self, f"on_{name}")(**given))

        return call

    def on_list_event_data_stores(self, NextToken: str = "") -> dict[str, Any]:
        arn = "arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/"
        names = ("a-1",) if NextToken else ("b-2", "c-3")
        more = {} if NextToken else {"NextToken": "x"}
        return {"EventDataStores": [{"EventDataStoreArn": arn + name} for name in names], **more}

    def on_get_event_data_store(self, EventDataStore: str) -> dict[str, Any]:
        kind = "ConfigurationItem" if EventDataStore.endswith("c-3") else "Management"
        selector = {"FieldSelectors": [{"Field": "eventCategory", "Equals": [kind]}]}
        return {"Name": f"store {EventDataStore[-3:]}", "Status": "ENABLED", "AdvancedEventSelectors": [selector]}

    def on_start_query(self, **given: Any) -> dict[str, Any]:
        return {"QueryId": "q"}

    def on_cancel_query(self, **given: Any) -> dict[str, Any]:
        return {"QueryStatus": "CANCELLED"}

    def on_describe_query(self, QueryId: str) -> dict[str, Any]:
        told = {"QueryStatus": self.status, "QueryStatistics": {"BytesScanned": 4096}}
        return {**told, "ErrorMessage": self.error} if self.error else told

    def on_get_query_results(self, QueryId: str, NextToken: str = "0") -> dict[str, Any]:
        at = int(NextToken)
        more = {"NextToken": str(at + 1)} if at + 1 < len(self.pages) else {}
        return {"QueryResultRows": self.pages[at], **more}


@pytest.fixture
def lake(reader: AwsReader, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lake]:
    found = Lake()
    monkeypatch.setattr(Aws, "client", lambda self, service, region=None, **more: found)
    yield found


def store(reader: AwsReader) -> TrailTable:
    return (reader.trail_tables(TrailEngine.LAKE, "a-1").value or ())[0]


def test_event_data_stores_of_events_are_found(reader: AwsReader, lake: Lake) -> None:
    found = reader.trail_tables(TrailEngine.LAKE).value or ()
    assert [(each.name, each.id) for each in found] == [("store b-2", "b-2"), ("store a-1", "a-1")]
    assert [each.id for each in reader.trail_tables(TrailEngine.LAKE, "store a-1").value or ()] == ["a-1"]
    arn = "arn:aws:cloudtrail:eu-west-1:444455556666:eventdatastore/a-1"
    (other,) = reader.trail_tables(TrailEngine.LAKE, arn).value or ()
    assert (other.region, other.location) == ("eu-west-1", arn)


def test_lake_tells_only_afterwards_what_it_scanned(reader: AwsReader, lake: Lake) -> None:
    query = reader.trail_query(store(reader), question(), SETTINGS).value
    assert query is not None and query.bytes is None
    assert "CloudTrail Lake reports only afterwards how much it scanned." in query.notes
    fields = {"eventTime": "2026-11-26 10:00:00.000", "eventName": "CreateVpc", "managementEvent": "true"}
    parameters = json.dumps({"name": "x", "tagSpecificationSet": '{"items":[]}'})
    row = {"record": json.dumps({**fields, "requestParameters": parameters, "resources": "null"})}
    other = {"eventname": "PutObject", "first": "2026-11-26 10:00:00.000", "events": "7", "record": "null"}
    lake.pages = ([[row]], [[{name: value} for name, value in other.items()]])
    monkey = [(name, given) for name, given in lake.made if name == "start_query"]
    assert monkey == []
    lake.on_start_query = lambda **given: {"QueryId": "q"}  # type: ignore[method-assign]
    asked = reader.ask_trail(query)
    asked._aws.caller = lambda: type("C", (), {"account": "111122223333"})()  # type: ignore[attr-defined]
    found = list(asked.rows())
    assert found[0].record["eventTime"] == "2026-11-26T10:00:00Z" and found[0].record["managementEvent"] is True
    assert found[0].record["requestParameters"] == {"name": "x", "tagSpecificationSet": {"items": []}}
    assert found[0].record["resources"] == []
    assert (found[1].events, found[1].whole, found[1].record["eventTime"]) == (7, False, "2026-11-26T10:00:00Z")
    assert asked.scanned == 4096
