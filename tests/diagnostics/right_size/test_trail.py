"""A trail's files and the event history as recorded calls."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from diagnostics.right_size.calls import RecordedCall, calls_of
from diagnostics.right_size.trail import EventHistory, TrailFiles
from iam.account import Account, Role
from iam.event import Event
from iam.sources.reader.evidence import EventPage
from iam.sources.trail_json import BrokenFile, records
from tests.support.accounts.trail_records import ACCOUNT, ROLE, ROLE_ID, record

WORKER = Role("worker", ROLE, "/app/", ROLE_ID)
OTHER = Role("deploy", f"arn:aws:iam::{ACCOUNT}:role/deploy")
HERE = Account(ACCOUNT, "test", datetime(2026, 11, 27, tzinfo=UTC), roles=(WORKER, OTHER), region="us-east-1")


def calls(entry: dict[str, Any]) -> list[RecordedCall]:
    return [each for each in calls_of(entry, HERE) if isinstance(each, RecordedCall)]


@pytest.mark.parametrize(
    ("source", "name", "parameters", "action", "resources"),
    [
        ("s3", "ListObjectsV2", {"bucketName": "b1"}, "s3:ListBucket", ("arn:aws:s3:::b1",)),
        ("s3", "GetObject", {"bucketName": "b1", "key": "a/b c.csv"}, "s3:GetObject", ("arn:aws:s3:::b1/a/b c.csv",)),
        (
            "s3",
            "GetObject",
            {"bucketName": "b1", "key": "k", "versionId": "v"},
            "s3:GetObjectVersion",
            ("arn:aws:s3:::b1/k",),
        ),
        (
            "lambda",
            "UpdateFunctionCode20150331v2",
            {"functionName": "f"},
            "lambda:UpdateFunctionCode",
            (f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f",),
        ),
        (
            "dynamodb",
            "Query",
            {"tableName": "orders"},
            "dynamodb:Query",
            (f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders",),
        ),
        (
            "sqs",
            "DeleteQueue",
            {"queueUrl": f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/jobs"},
            "sqs:DeleteQueue",
            (f"arn:aws:sqs:us-east-1:{ACCOUNT}:jobs",),
        ),
        (
            "sqs",
            "SendMessage",
            {"queueUrl": "https://sqs.eu-west-1.amazonaws.com/444455556666/theirs"},
            "sqs:SendMessage",
            ("arn:aws:sqs:eu-west-1:444455556666:theirs",),
        ),
        (
            "secretsmanager",
            "GetSecretValue",
            {"secretId": f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:plain"},
            "secretsmanager:GetSecretValue",
            (f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:plain-??????",),
        ),
        (
            "ecs",
            "UpdateService",
            {"cluster": f"arn:aws:ecs:us-east-1:{ACCOUNT}:cluster/prod", "service": "web"},
            "ecs:UpdateService",
            (f"arn:aws:ecs:us-east-1:{ACCOUNT}:service/prod/web",),
        ),
        (
            "secretsmanager",
            "GetSecretValue",
            {"secretId": "orders/db"},
            "secretsmanager:GetSecretValue",
            (f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:orders/db-??????",),
        ),
        (
            "ec2",
            "StopInstances",
            {"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]}},
            "ec2:StopInstances",
            (f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-1", f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-2"),
        ),
        ("iam", "GetRole", {"roleName": "worker"}, "iam:GetRole", (ROLE,)),
        ("iam", "GetRole", {"roleName": "nobody-knows"}, "iam:GetRole", ()),
        ("ec2", "RunInstances", {"instancesSet": {"items": [{"imageId": "ami-1"}]}}, "ec2:RunInstances", ()),
        ("monitoring", "DescribeAlarmHistory", {}, "cloudwatch:DescribeAlarmHistory", ()),
        ("ec2", "DescribeInstances", {}, "ec2:DescribeInstances", ("*",)),
        ("kms", "Decrypt", {"keyId": "alias/mine"}, "kms:Decrypt", ()),
    ],
)
def test_a_record_is_the_request_that_was_authorized(
    source: str, name: str, parameters: dict[str, Any], action: str, resources: tuple[str, ...]
) -> None:
    found = calls(record(source, name, parameters))[0]
    assert (found.action, found.resources) == (action, resources)


def test_the_listed_resources_of_a_record_count_before_its_parameters() -> None:
    key = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    entry = record("kms", "Decrypt", {}, resources=[{"ARN": key, "type": "AWS::KMS::Key", "accountId": ACCOUNT}])
    entry["userIdentity"]["invokedBy"] = "s3.amazonaws.com"
    found = calls(entry)[0]
    assert found.resources == (key,)
    assert found.context["kms:ViaService"] == ("s3.us-east-1.amazonaws.com",)
    assert found.context["aws:SourceIp"] == ("198.51.100.7",)


def test_a_role_that_a_call_hands_over_is_passed() -> None:
    entry = record("lambda", "CreateFunction20150331", {"functionName": "f", "role": OTHER.arn})
    passed = [each for each in calls(entry) if each.action == "iam:PassRole"]
    assert [(each.resources, each.context["iam:PassedToService"]) for each in passed] == [
        ((OTHER.arn,), ("lambda.amazonaws.com",))
    ]


def test_refused_calls_are_told_apart_and_what_they_would_have_needed_is_not_taken_to_be_used() -> None:
    entry = record("lambda", "CreateFunction20150331", {"functionName": "f", "role": OTHER.arn}, error="AccessDenied")
    assert [(each.action, each.refused) for each in calls(entry)] == [("lambda:CreateFunction", True)]
    assert not calls(record("s3", "GetBucketPolicy", {"bucketName": "b"}, error="NoSuchBucketPolicy"))[0].refused


def test_copying_an_object_reads_another() -> None:
    entry = record("s3", "CopyObject", {"bucketName": "to", "key": "k", "x-amz-copy-source": "from/a%20b"})
    assert [(each.action, each.resources) for each in calls(entry)] == [
        ("s3:PutObject", ("arn:aws:s3:::to/k",)),
        ("s3:GetObject", ("arn:aws:s3:::from/a b",)),
    ]


def trail(*paths: Path, role: Role = WORKER) -> TrailFiles:
    return TrailFiles(paths, role, HERE)


def test_a_folder_is_read_at_any_depth_json_and_gzip(tmp_path: Path) -> None:
    inside = tmp_path / "CloudTrail" / "us-east-1" / "2026"
    inside.mkdir(parents=True)
    text = json.dumps({"Records": [record("s3", "ListObjects", {"bucketName": "b"})]})
    (inside / "a.json").write_text(text)
    (inside / "b.json.gz").write_bytes(gzip.compress(text.encode()))
    (inside / "notes.txt").write_text("not a trail")
    digest = tmp_path / "CloudTrail-Digest"
    digest.mkdir()
    (digest / "d.json").write_text('{"digestStartTime": "x"}')
    found = trail(tmp_path)
    assert [each.action for each in found.calls()] == ["s3:ListBucket"] * 2
    assert found.problems == []
    assert len(list(found.calls())) == 2, "it may be walked again"
    assert found.coverage.events == 2


def test_a_session_counts_by_the_roles_id_too_and_others_do_not(tmp_path: Path) -> None:
    by_id = record("s3", "ListObjects", {"bucketName": "b"})
    del by_id["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"]
    bare = record("s3", "ListObjects", {"bucketName": "b"})
    del bare["userIdentity"]["sessionContext"]
    del bare["userIdentity"]["principalId"]
    other = record("s3", "ListObjects", {"bucketName": "b"}, role=OTHER.arn, role_id="AROAOTHER")
    (tmp_path / "a.json").write_text(json.dumps({"Records": [by_id, bare, other]}))
    found = trail(tmp_path)
    assert len(list(found.calls())) == 2
    assert found.coverage.events == 3


def test_what_is_broken_is_said_and_what_stands_before_it_counts(tmp_path: Path) -> None:
    entries = [record("s3", "ListObjects", {"bucketName": f"b{number}"}) for number in range(50)]
    whole = json.dumps({"Records": entries})
    (tmp_path / "cut.json").write_text(whole[: len(whole) // 2])
    (tmp_path / "cut.json.gz").write_bytes(gzip.compress(whole.encode())[:-200])
    (tmp_path / "text.json").write_text("this is no JSON")
    foreign = [record("s3", "ListObjects", {}, account="999988887777", role="arn:aws:iam::999988887777:role/x")]
    foreign[0]["userIdentity"]["sessionContext"]["sessionIssuer"]["principalId"] = "AROAX"
    (tmp_path / "foreign.json").write_text(json.dumps({"Records": foreign}))
    found = trail(tmp_path, tmp_path / "absent.json")
    assert len(list(found.calls())) >= 20
    said = " ".join(found.problems)
    for words in (
        "cut.json: it is cut off; the ",
        "cut.json.gz: its compressed data",
        "text.json: it is not JSON",
        "foreign.json: the trail belongs to account 999988887777, and has no call by the role",
        "absent.json: no such file or directory",
    ):
        assert words in said


@pytest.mark.parametrize("size", [64, 1000, 1 << 20])
def test_records_come_one_by_one_whatever_the_chunks(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iam.sources.trail_json.CHUNK", size)
    entries = [record("s3", "ListObjects", {"bucketName": f"b{number}", "x": 'a"]}{['}) for number in range(20)]
    lines = "\n".join(map(json.dumps, entries))
    cli = {"Events": [{"EventId": "1", "CloudTrailEvent": json.dumps(each)} for each in entries]}
    for text in (json.dumps({"Records": entries}, indent=1), lines, json.dumps(entries), json.dumps(cli)):
        assert list(records(io.StringIO(text))) == entries


def test_a_file_that_ends_between_two_records_is_cut_off() -> None:
    text = json.dumps({"Records": [record("s3", "ListObjects")]})
    with pytest.raises(BrokenFile) as raised:
        list(records(io.StringIO(text[:-2] + ",")))
    assert raised.value.cut_off


class Pages:
    """Two regions of event history, page by page."""

    def __init__(self, *pages: EventPage) -> None:
        self.pages, self.asked = pages, 0

    def recent_events(self) -> Iterator[EventPage]:
        for page in self.pages:
            self.asked += 1
            yield page


def page(region: str, *days_ago: int, more: bool = True) -> EventPage:
    events = []
    for days in days_ago:
        time = HERE.now - timedelta(days=days)
        detail = json.dumps(record("s3", "ListAllMyBuckets", time=f"{time:%Y-%m-%dT%H:%M:%SZ}", region=region))
        events.append(Event("ListAllMyBuckets", time, detail=detail))
    return EventPage(region, tuple(events), more)


def history(*pages: EventPage, days: int = 30) -> tuple[EventHistory, Pages]:
    source = Pages(*pages)
    return EventHistory(source, WORKER, HERE, days), source  # type: ignore[arg-type]


def test_the_event_history_is_walked_as_far_back_as_was_asked() -> None:
    found, source = history(
        page("us-east-1", 1, 2), page("eu-west-1", 1), page("us-east-1", 20, 40), page("eu-west-1", 50), page("x", 1)
    )
    assert len(list(found.calls())) == 4, "what is older does not count"
    assert (source.asked, found.coverage.whole, found.coverage.regions) == (4, True, {"us-east-1", "eu-west-1"})
    assert len(list(found.calls())) == 4
    assert source.asked == 4, "it is read once"


def test_an_event_history_that_was_not_read_whole_is_not_whole() -> None:
    found, _ = history(page("us-east-1", 1, more=False), EventPage("eu-west-1", why="You may not."))
    assert len(list(found.calls())) == 1
    assert not found.coverage.whole
    assert found.problems == ["eu-west-1: You may not."]
    stopped, source = history(page("us-east-1", 1), page("us-east-1", 2))
    list(stopped.calls(lambda *_: stopped.stop()))
    assert (source.asked, stopped.coverage.whole) == (1, False)
