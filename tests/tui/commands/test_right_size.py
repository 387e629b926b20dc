"""``rolescope right-size``: on a saved account, with files of a trail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.accounts.questions import allow, role
from tests.support.accounts.reviewing import snapshot
from tests.support.accounts.trail_records import record
from tui.cli import main

WORKER = role("worker", allow(["sqs:SetQueueAttributes", "sqs:DeleteQueue"]), path="/app/")
OTHERS: dict[str, Any] = {"role": "arn:aws:iam::111122223333:role/other", "role_id": "AROAOTHER"}
CALL = record("sqs", "SetQueueAttributes", {"queueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/jobs"})


@pytest.fixture
def saved(tmp_path: Path) -> str:
    path = tmp_path / "saved.json"
    path.write_text(json.dumps(snapshot([WORKER])), encoding="utf-8")
    return str(path)


@pytest.fixture
def trail(tmp_path: Path) -> str:
    others = [record("ec2", "DescribeVpcs", reads=True, **OTHERS), record("ec2", "CreateVpc", **OTHERS)]
    path = tmp_path / "trail.json"
    path.write_text(json.dumps({"Records": [*others, *[CALL] * 5]}), encoding="utf-8")
    return str(path)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(words)
    out, err = capsys.readouterr()
    return status, out, err


def test_the_document(saved: str, trail: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = told(capsys, "right-size", "worker", "--snapshot", saved, "--trail", trail, "--json")
    found = json.loads(out)
    assert status == 0
    assert found["summary"] == "5 recorded calls still allowed, 0 refused, 1 of 2 actions removed"
    assert found["replay"] == {
        "calls": 5,
        "allowed": 5,
        "refused": 0,
        "refused_calls": [],
        "not_granted": 0,
        "not_granted_actions": {},
    }
    assert found["policies"][0]["document"]["Statement"] == [
        {"Sid": "Sqs", **allow("sqs:SetQueueAttributes", "arn:aws:sqs:us-east-1:111122223333:jobs")}
    ]
    assert [call["operation"] for call in found["plan"]["calls"]] == ["PutRolePolicy"]
    assert found["plan"]["calls"][0]["undo"]["operation"] == "PutRolePolicy"
    assert found["evidence"]["trail"]["of_role"] == 5
    assert found["look_again"] == f"rolescope --snapshot {saved} right-size worker --days 90"


def test_the_numbers_come_first(saved: str, trail: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = told(capsys, "right-size", WORKER["RoleId"], "--snapshot", saved, "--trail", trail)
    assert status == 0
    assert out.startswith("worker: 5 recorded calls still allowed, 0 refused, 1 of 2 actions removed\n")
    assert f"Check again in 90 days: rolescope --snapshot {saved} right-size worker --days 90" in out
    assert "The trail covers only 1 day, so calls that are made once a month may be missing from it." in out


def test_what_cannot_be_used_is_said(saved: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    foreign = tmp_path / "foreign.txt"
    foreign.write_text("no trail", encoding="utf-8")
    for words, status, said in (
        (["nobody"], 2, "No role nobody was found"),
        (["worker", "--trail", str(tmp_path / "absent")], 2, "does not exist"),
        (["worker", "--trail", str(foreign)], 1, "foreign.txt: it is not JSON"),
        (["worker", "--days", "0"], 2, "--days"),
        (["worker", "--no-trail"], 1, "worker cannot be right-sized"),
    ):
        assert told(capsys, "right-size", *words, "--snapshot", saved)[0] == status, words
        assert said in told(capsys, "right-size", *words, "--snapshot", saved)[2], words
