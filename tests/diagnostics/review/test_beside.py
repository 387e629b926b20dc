"""The review beside Access Analyzer: matched by subject and topic, each side's extra findings told, what is unread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from diagnostics.review.beside import SAME, Beside, beside
from diagnostics.review.finding import Finding
from diagnostics.review.report.beside import beside_headline, beside_json, beside_lines
from diagnostics.review.rules.table import RULES
from iam.access_analyzer import Analyzer, AnalyzerFinding, AnalyzerReport
from iam.account import Account
from iam.risks.risk import Severity
from iam.sources.aws.access_analyzer import analyzer_report
from iam.sources.aws.reader import AwsReader
from iam.sources.aws.session import Aws
from iam.sources.reader.reading import Reading
from iam.sources.snapshot.contents import Contents
from iam.sources.snapshot.format import contents, to_json
from iam.sources.snapshot.reader import SnapshotReader
from tests.support.accounts.fake_reader import NOW

ACCOUNT = "111122223333"
EXTERNAL = Analyzer("arn:aws:access-analyzer:us-east-1:111122223333:analyzer/a", "ACCOUNT")
UNUSED = Analyzer("arn:aws:access-analyzer:us-east-1:111122223333:analyzer/b", "ORGANIZATION_UNUSED_ACCESS", 60)


def arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def ours(rule: str, name: str) -> Finding:
    return Finding(rule, Severity.HIGH, arn(name), "title", f"{name} is wide.")


def theirs(kind: str, name: str, **more: Any) -> AnalyzerFinding:
    return AnalyzerFinding(f"{kind}-{name}", kind, arn(name), EXTERNAL.arn, **more)


def compared(reading: Reading[AnalyzerReport], *findings: Finding, role: str = "") -> Beside:
    return beside(Account(ACCOUNT, "aws", NOW), reading, findings, role)


def report(*findings: AnalyzerFinding, analyzers: tuple[Analyzer, ...] = (EXTERNAL, UNUSED)) -> Reading[AnalyzerReport]:
    return Reading("", AnalyzerReport(analyzers, findings))


def test_findings_are_matched_by_subject_and_topic() -> None:
    found = compared(
        report(
            theirs("ExternalAccess", "open", public=True),
            theirs("ExternalAccess", "vendor", principals=("arn:aws:iam::444455556666:root",)),
            theirs("UnusedIAMRole", "open"),
            theirs("UnusedPermission", "wide", what=("s3:*",)),
        ),
        ours("trust.public", "open"),
        ours("use.unused-service", "wide"),
        ours("use.stale", "old"),
        ours("permissions.admin", "wide"),
    )
    assert [(each.theirs.kind, [one.rule for one in each.ours]) for each in found.both] == [
        ("ExternalAccess", ["trust.public"]),
        ("UnusedPermission", ["use.unused-service"]),
    ]
    assert [each.id for each in found.theirs] == ["ExternalAccess-vendor", "UnusedIAMRole-open"]
    assert [each.rule for each in found.ours] == ["use.stale"]
    assert (
        beside_headline(found) == "Access Analyzer: 2 found by both, 2 only by Access Analyzer, 1 only by this review"
    )
    text = "\n".join(beside_lines(found))
    assert "after 60 days" in text and "ExternalAccess  vendor  by arn:aws:iam::444455556666:root" in text
    assert "ExternalAccess  open  by anybody: trust.public" in text
    whole = beside_json(found)
    assert whole["both"][0]["rules"] == ["trust.public"] and whole["review_only"][0]["rule"] == "use.stale"
    assert whole["access_analyzer_only"][0]["because"]


def test_what_no_analyzer_looks_for_is_no_extra_of_ours() -> None:
    found = compared(report(analyzers=(EXTERNAL,)), ours("use.stale", "old"), ours("trust.public", "open"))
    assert [each.rule for each in found.ours] == ["trust.public"]


def test_internal_access_is_about_who_gets_at_it() -> None:
    inside = AnalyzerFinding("i", "InternalAccess", "arn:aws:s3:::data", "a", principals=(arn("reader"),))
    found = compared(report(inside))
    assert "InternalAccess  reader  can access arn:aws:s3:::data" in "\n".join(beside_lines(found))
    assert beside_json(found)["access_analyzer_only"][0]["subject"] == arn("reader")


def test_one_role_only() -> None:
    found = compared(report(theirs("UnusedIAMRole", "a"), theirs("UnusedIAMRole", "b")), role="b")
    assert [each.resource for each in found.theirs] == [arn("b")]


def test_what_could_not_be_read_is_said() -> None:
    denied = compared(Reading("", why="AWS denied access-analyzer:ListFindings."), ours("use.stale", "old"))
    assert beside_headline(denied) == "Access Analyzer: AWS denied access-analyzer:ListFindings."
    assert denied.ours == () and beside_json(denied)["why"]
    none = compared(Reading("", AnalyzerReport()))
    assert "There is no IAM Access Analyzer" in none.why
    unseen = compared(Reading("", AnalyzerReport(), note="eu-west-1: AWS denied it."))
    assert "No IAM Access Analyzer" in unseen.why and "could be read. eu-west-1: AWS denied it." in unseen.why
    bare = compared(report(theirs("ExternalAccess", "x", detailed=False)))
    assert "  The details (principal and resource) of 1 finding were not read." in list(beside_lines(bare))
    partly = compared(Reading("", AnalyzerReport((EXTERNAL,)), note="eu-west-1: AWS denied it."))
    assert "  Not read: eu-west-1: AWS denied it." in list(beside_lines(partly))


def test_every_rule_that_is_matched_is_a_rule() -> None:
    assert {rule for rules in SAME.values() for rule in rules} <= set(RULES)


class Analyzers:
    """Access Analyzer in two regions; one tells of the same role again."""

    def __init__(self, region: str) -> None:
        self.region = region
        self.asked: list[dict[str, Any]] = []

    def get_paginator(self, operation: str) -> Any:
        analyzers = [
            {"arn": EXTERNAL.arn, "type": "ACCOUNT", "status": "ACTIVE"},
            {"arn": "x", "type": "ACCOUNT", "status": "DISABLED"},
            {
                "arn": UNUSED.arn,
                "type": UNUSED.type,
                "status": "ACTIVE",
                "configuration": {"unusedAccess": {"unusedAccessAge": 60}},
            },
        ]

        class Pages:
            def paginate(_, **given: Any) -> list[dict[str, Any]]:
                if operation == "list_analyzers":
                    return [{"analyzers": analyzers}]
                if operation == "get_finding_v2":
                    return [{"findingDetails": []}, self.details(given["id"])]
                self.asked.append(given)
                kind = "ExternalAccess" if given["analyzerArn"] == EXTERNAL.arn else "UnusedPermission"
                found = {"id": kind, "findingType": kind, "resource": arn("r"), "resourceType": "AWS::IAM::Role"}
                return [{"findings": [{**found, "status": "ACTIVE"}, {**found, "status": "ARCHIVED"}]}]

        return Pages()

    def details(self, id: str) -> dict[str, Any]:
        if id == "ExternalAccess":
            told = {"isPublic": False, "principal": {"AWS": "444455556666"}, "action": ["sts:AssumeRole"]}
            return {"findingDetails": [{"externalAccessDetails": told}]}
        actions = [{"action": "GetObject"}, {"action": "s3:PutObject"}]
        told = {"serviceNamespace": "s3", "actions": actions, "lastAccessed": NOW}
        return {"findingDetails": [{"unusedPermissionDetails": told}]}


def test_the_findings_of_every_region_are_read_once(
    demo_reader_as: Callable[[str | None], AwsReader], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = demo_reader_as(None)
    clients: dict[str, Analyzers] = {}
    ordinary = Aws.client

    def client(aws: Aws, service: str, region: str | None = None, **more: Any) -> Any:
        if service == "accessanalyzer":
            return clients.setdefault(str(region), Analyzers(str(region)))
        return ordinary(aws, service, region, **more)

    monkeypatch.setattr(Aws, "client", client)
    found = reader.access_analyzer().value
    assert found is not None and len(clients) == 2
    assert {each.unused_days for each in found.analyzers} == {None, 60} and len(found.analyzers) == 4
    assert [(each.kind, each.principals, each.what) for each in found.findings] == [
        ("ExternalAccess", ("444455556666",), ("sts:AssumeRole",)),
        ("UnusedPermission", (), ("s3:GetObject", "s3:PutObject")),
    ]
    assert found.findings[1].last_accessed == NOW
    asked = next(iter(clients.values())).asked[0]["filter"]
    assert asked["status"] == {"eq": ["ACTIVE"]} and asked["resourceOwnerAccount"] == {"eq": [ACCOUNT]}


def test_a_region_that_cannot_be_reached_does_not_hold_up_the_others(
    demo_reader_as: Callable[[str | None], AwsReader], monkeypatch: pytest.MonkeyPatch
) -> None:
    come = threading.Event()

    class Late(Analyzers):
        def get_paginator(self, operation: str) -> Any:
            come.wait(120)
            return super().get_paginator(operation)

    def client(aws: Aws, service: str, region: str | None = None, **more: Any) -> Any:
        return (Analyzers if region == "us-east-1" else Late)(str(region))

    monkeypatch.setattr(Aws, "client", client)
    aws = Aws(boto3.Session(), regions=("us-east-1", "eu-west-1", "eu-central-1"), witness_seconds=1.0)
    try:
        reading = analyzer_report(aws, ACCOUNT)
    finally:
        come.set()
    assert reading.value is not None and len(reading.value.findings) == 2
    assert reading.note.startswith("eu-west-1, eu-central-1: access-analyzer:ListAnalyzers did not answer within")


def test_the_demos_analyzers_tell_of_its_trusts(demo_reader: AwsReader) -> None:
    found = demo_reader.access_analyzer().value
    assert found is not None and [each.type for each in found.analyzers] == ["ACCOUNT", "ACCOUNT_UNUSED_ACCESS"]
    outside = {(each.resource.rpartition("/")[2], *each.principals) for each in found.findings if each.principals}
    assert ("vendor-cost-auditor", "arn:aws:iam::999988887777:root") in outside
    assert all(each.detailed for each in found.findings)


def test_a_snapshot_carries_it(demo_reader: AwsReader) -> None:
    report = demo_reader.access_analyzer().value
    assert report is not None
    account = Account(ACCOUNT, "aws", NOW)
    read = contents(to_json(Contents(account, access_analyzer=report)), NOW)
    assert read.access_analyzer == report
    assert SnapshotReader(read).access_analyzer().value == report
    without = SnapshotReader(contents(to_json(Contents(account)), NOW)).access_analyzer()
    assert without.value is None and "what Access Analyzer found" in without.why
