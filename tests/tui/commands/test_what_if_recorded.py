"""Recorded calls of several accounts under a guardrail that is tried: out of files, and by one query."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.accounts.trail_records import record
from tests.support.organizations.generate import Generated, document, generate, role
from tui.cli import main

FIRST, SECOND, TEST = "200000000001", "200000000002", "200000000004"  # two in prod, one in test
DENY = document({"Effect": "Deny", "Action": "sqs:*", "Resource": "*"})


def call(
    account: str, name: str, recipient: str = "", source: str = "sqs", event: str = "ListQueues"
) -> dict[str, Any]:
    arn = f"arn:aws:iam::{account}:role/{name}"
    found = record(source, event, role=arn, role_id="", account=recipient or account)
    found["userIdentity"]["arn"] = f"arn:aws:sts::{account}:assumed-role/{name}/job"
    found["userIdentity"]["principalId"] = f"AROA{account[-5:]}{name.upper():X<12}:job"
    found["userIdentity"]["accountId"] = account
    found["userIdentity"]["sessionContext"]["sessionIssuer"] = {"type": "Role", "arn": arn}
    return found


@pytest.fixture
def made() -> Generated:
    made = generate(0)
    for account in (FIRST, SECOND, TEST):
        own = document({"Effect": "Allow", "Action": ["sqs:*", "ec2:*"], "Resource": "*"})
        made.roles[account] = [role(account, "worker", document(), {"own": own})]
    return made


def answered(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["what-if", *words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_files_of_an_organizations_trail(made: Generated, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, policy, trail = str(made.write(tmp_path / "it")), tmp_path / "deny.json", tmp_path / "trail.json"
    policy.write_text(json.dumps(DENY))
    records = [
        *[call(FIRST, "worker")] * 3,
        call(SECOND, "worker"),
        call(SECOND, "worker", source="ec2", event="DescribeVpcs"),
        call(TEST, "worker"),  # not below the target
        call("999900001111", "worker"),  # of nobody's account, by the same name
    ]
    trail.write_text(json.dumps({"Records": records}))
    words = ("--snapshot", folder, "--policy", str(policy), "--at", "prod", "--kind", "scp", "--trail", str(trail))
    found = answered(capsys, *words)["recorded"]
    assert found["events"] == 7 and found["calls"] == 5 and found["refused"] == 4
    assert {(each["role"].split(":")[4], each["calls"]) for each in found["roles"]} == {(FIRST, 3), (SECOND, 2)}
    assert all(one["action"] == "sqs:ListQueues" for each in found["roles"] for one in each["refused"])
    assert main(["what-if", *words]) == 0
    assert "4 of 5 recorded calls of roles would have been denied." in capsys.readouterr().out
    # The account that the option chooses is asked alone, as before.
    found = answered(capsys, *words, "--account", FIRST)["recorded"]
    assert found["calls"] == 3 == found["refused"]


def test_one_query_over_the_demos_accounts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = tmp_path / "deny.json"
    policy.write_text(json.dumps(document({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})))
    words = ("--demo", "--accounts", "all", "--policy", str(policy), "--at", "Root", "--kind", "scp")
    found = answered(capsys, *words, "--athena", "--run-query")["recorded"]
    assert found["calls"] > 0 and found["events"] >= found["calls"]
    assert any("has no event of account 444455556666" in each for each in found["problems"])


def test_a_folder_has_no_trail_of_its_own(made: Generated, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, policy = str(made.write(tmp_path / "it")), tmp_path / "deny.json"
    policy.write_text(json.dumps(DENY))
    words = ["--snapshot", folder, "--policy", str(policy), "--at", "prod", "--kind", "scp", "--athena"]
    assert main(["what-if", *words, "--run-query"]) == 2
    assert "--trail-profile" in capsys.readouterr().err
    assert main(["what-if", *words, "--shard", "1/2"]) == 2
    assert "leave out --shard" in capsys.readouterr().err
