"""``rolescope who-can`` as a command: exit status, streams, JSON."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.accounts.questions import allow, role, snapshot
from tests.support.driving.in_process import run_here

BUCKET = "arn:aws:s3:::data/x"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    done = run_here("who-can", *arguments)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def file(tmp_path: Path) -> str:
    hostile = role("x\u202ename", allow("s3:GetObject"))
    inside = {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}
    content: dict[str, Any] = snapshot([hostile, role("office", allow("s3:*", **inside))])
    path = tmp_path / "account.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def test_json_says_who_and_why(file: str) -> None:
    done = run("--snapshot", file, "--json", "s3:GetObject", BUCKET)
    document = json.loads(done.stdout)
    assert done.returncode == 0 and not done.stderr
    assert (document["action"], document["resource"], document["account"]) == ("s3:GetObject", BUCKET, "111122223333")
    first, second = document["principals"]
    assert (first["decision"], second["decision"]) == ("allowed", "conditional")
    (granted,) = second["granted_by"]
    assert (granted["policy"], granted["statement"], granted["line"]) == ("inline", 0, 4)
    (condition,) = granted["conditions"]
    assert condition["key"] == "aws:SourceIp" and condition["text"].startswith("aws:SourceIp to be in 203.0.113.0/24")


def test_context_decides_what_hangs_on_it(file: str) -> None:
    done = run("--snapshot", file, "--json", "s3:GetObject", BUCKET, "--context", "aws:SourceIp=203.0.113.9")
    assert [one["decision"] for one in json.loads(done.stdout)["principals"]] == ["allowed", "allowed"]


def test_text_shows_hostile_names_as_codes(file: str) -> None:
    done = run("--snapshot", file, "s3:GetObject", BUCKET)
    assert "x\\u202ename" in done.stdout and "\u202e" not in done.stdout
    assert "if aws:SourceIp is in 203.0.113.0/24" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("nonsense",), 2),
        (("s3:GetObject", "--context", "novalue"), 2),
        (("iam:CreateRole",), 0),
    ],
)
def test_exit_status(file: str, arguments: tuple[str, ...], status: int) -> None:
    assert run("--snapshot", file, *arguments).returncode == status


def test_nobody_found_in_an_account_with_gaps_is_no_answer(tmp_path: Path) -> None:
    content = snapshot([role("a")])
    del content["UserDetailList"]
    path = tmp_path / "gaps.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    done = run("--snapshot", str(path), "ec2:RunInstances")
    assert done.returncode == 1 and "Nobody among those that could be read may." in done.stdout
    assert run("--snapshot", str(tmp_path / "none.json"), "ec2:RunInstances").returncode == 3


def test_the_demo_account() -> None:
    done = run("--demo", "--json", "sts:AssumeRole", "arn:aws:iam::111122223333:role/human/break-glass-admin")
    document = json.loads(done.stdout)
    ben = next(one for one in document["principals"] if one["name"] == "ben")
    keys = {condition["key"] for grant in ben["granted_by"] for condition in grant["conditions"]}
    assert ben["decision"] == "conditional"
    assert keys == {"aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"}
