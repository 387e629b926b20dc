"""``rolescope history`` on the demo account and on files of a trail."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from iam.sources.reader.trail_queries import TrailQuery, TrailRow
from tests.support.papers.schemas import faults
from tui.cli import main

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(demo_reader: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("iam.demo.open.open_demo", lambda **_: demo_reader)

    def done(*arguments: str) -> tuple[int, str]:
        status = main(["history", *arguments, "--demo"])
        return status, capsys.readouterr().out

    return done


def test_the_log_of_a_role_says_who_did_what_with_which_effect(run: Run) -> None:
    status, text = run("invoice-render-lambda")
    assert status == 0
    assert "detached report-export from role invoice-render-lambda" in text
    assert "invoice-render-lambda loses" in text
    assert text.index("detached") < text.index("created role")


def test_json_is_as_the_contract_says(run: Run) -> None:
    _, text = run("release-manager", "--json")
    found = json.loads(text)
    assert not faults("history", found)
    newest = found["changes"][0]
    assert (newest["event"], newest["policy"]) == ("PutRolePolicy", "release")
    assert newest["document_before"] != newest["document_after"]
    assert newest["effects"]["lost"]
    assert newest["revert"]["calls"][0]["operation"] == "PutRolePolicy"


def test_blame_names_the_change_of_each_statement(run: Run) -> None:
    _, text = run("release-manager", "--blame", "--json")
    found = json.loads(text)
    assert not faults("history-blame", found)
    by_sid = {each["sid"]: each for each in found["statements"] if each["policy"] == "release"}
    assert by_sid["PassApplicationRoles"]["by"].endswith("org-admin")
    assert by_sid["PassApplicationRoles"]["at"] > by_sid["ReleaseServices"]["at"]
    assert next(each for each in found["statements"] if each["policy"] == "trust policy")["event_id"] is None


def test_a_role_as_it_was(run: Run) -> None:
    _, now = run("release-manager", "--as-of", "1h", "--json")
    _, then = run("release-manager", "--as-of", "5d", "--json")
    assert "ecs-tasks.amazonaws.com" in then and "ecs-tasks.amazonaws.com" not in now
    _, before = run("invoice-render-lambda", "--as-of", "30d")
    assert "did not exist at" in before


def test_filters(run: Run) -> None:
    _, by_tool = run("invoice-render-lambda", "--via", "terraform", "--kind", "Detach", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(by_tool)))
    assert [row["event"] for row in rows] == ["DetachRolePolicy"]
    _, gained = run("invoice-render-lambda", "--kind", "Attach", "--format", "csv")
    assert all(row["effect"].startswith("'+ ") for row in csv.DictReader(io.StringIO(gained)))
    _, widened = run("invoice-render-lambda", "--widened", "--effect", "s3:PutObject")
    assert "attached report-export" in widened and "detached" not in widened
    _, markdown = run("invoice-render-lambda", "--format", "markdown")
    assert markdown.startswith("| time (UTC) | who |")


def test_failed_calls_are_shown_when_asked_for(run: Run) -> None:
    assert "failed" not in run("legacy-ftp-sync")[1]
    assert "DeleteRole failed (DeleteConflictException)" in run("legacy-ftp-sync", "--failed")[1]


def test_files_of_a_trail(run: Run, tmp_path: Path) -> None:
    record = {
        "eventTime": "2026-11-19T10:00:00Z",
        "eventSource": "iam.amazonaws.com",
        "eventName": "AttachRolePolicy",
        "recipientAccountId": "111122223333",
        "eventID": "one",
        "userIdentity": {"arn": "arn:aws:iam::111122223333:user/ben"},
        "requestParameters": {"roleName": "saml-admin", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
    }
    path = tmp_path / "trail.json"
    path.write_text(json.dumps({"Records": [record]}))
    _, text = run("saml-admin", "--trail", str(path))
    assert "ben" in text and "attached AdministratorAccess to role saml-admin" in text
    assert "NOT RECORDED OR NOT READ" in text


def test_a_query_over_the_trail_is_shown_and_its_rows_are_the_record(
    run: Run, demo_reader: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of `history` and of `diagnose`: the SQL names the calls that are changes, and no credentials are in it."""
    record = {
        "eventTime": "2026-11-19 10:00:00",
        "eventSource": "iam.amazonaws.com",
        "eventName": "DetachRolePolicy",
        "recipientAccountId": "111122223333",
        "eventID": "one",
        "userIdentity": {"arn": "arn:aws:iam::111122223333:user/ben"},
        "requestParameters": json.dumps(
            {"roleName": "invoice-render-lambda", "policyArn": "arn:aws:iam::111122223333:policy/report-export"}
        ),
    }
    asked: list[TrailQuery] = []

    class Answer:
        scanned = None

        def rows(self, waiting: Any = None) -> Iterator[TrailRow]:
            yield TrailRow(record)

    def ask_trail(query: TrailQuery) -> Answer:
        asked.append(query)
        return Answer()

    monkeypatch.setattr(type(demo_reader), "ask_trail", lambda self, query: ask_trail(query), raising=False)
    status = main(["history", "invoice-render-lambda", "--athena", "--run-query", "--since", "5d", "--demo"])
    said = capsys.readouterr()
    assert status == 0 and "ben" in said.out and "detached report-export" in said.out
    assert "The records are those of the trail" in said.out
    assert "'DetachRolePolicy'" in asked[0].sql and "AKIA" not in asked[0].sql
    assert asked[0].sql.splitlines()[0] in said.err
    assert asked[0].question.until - asked[0].question.since == timedelta(days=5)
    text = (
        "User: arn:aws:sts::111122223333:assumed-role/invoice-render-lambda/render is not authorized to perform: "
        "s3:PutObject on resource: arn:aws:s3:::harbor-reports/exports/x.pdf because no identity-based policy allows "
        "the s3:PutObject action"
    )
    main(["diagnose", text, "--athena", "--run-query", "--json", "--demo"])
    said = capsys.readouterr()
    assert len(asked) == 2 and json.loads(said.out)["verdict"]["since"]["event_id"] == "one"


@pytest.mark.parametrize(
    "arguments",
    [("no-such-role",), ("saml-admin", "--since", "soon"), ("saml-admin", "--trail", "/no/such"), ("--blame",)],
)
def test_wrong_usage_is_said(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2
