"""What-if over the accounts of an organization: guardrails at units, by ARN, and an account that is moved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.organizations.generate import MANAGEMENT, ORG, UNREAD, document, generate, role
from tui.cli import main

CI, OTHER, INFRA = "200000000001", "200000000002", "200000000006"
DENY = document({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = generate(0)
    may = document({"Effect": "Allow", "Action": ["s3:ListAllMyBuckets", "ec2:DescribeVpcs"], "Resource": "*"})
    for account in (CI, INFRA, MANAGEMENT):
        made.roles[account] = [role(account, "reader", document(), {"own": may})]
    made.scp_denies["ou-plan-prod"] = [{"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}]
    made.roles[CI][0]["RolePolicyList"][0]["PolicyDocument"]["Statement"].append(
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    )
    path = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [f"{ORG}/r-plan/ou-plan-work/ou-plan-prod/*"]}}
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    made.resources[OTHER] = {"arn:aws:s3:::b": document({**allow, "Condition": path})}
    return made.write(tmp_path_factory.mktemp("what-if") / "it")


def asked(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["what-if", "--snapshot", str(folder), "--json", *words]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def changes(found: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    return [
        (one["account"], kind, actions["actions"])
        for one in found["principals"]
        for kind in ("gained", "lost")
        for actions in one[kind]
    ]


@pytest.mark.parametrize(
    ("at", "losers"),
    [
        ("r-plan", [INFRA, CI]),
        ("ou-plan-work", [CI]),
        ("prod", [CI]),
        ("account-06", [INFRA]),
        ("ou-plan-infra", [INFRA]),
        (MANAGEMENT, []),
    ],
)
def test_an_scp_reaches_every_account_below_its_target(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], at: str, losers: list[str]
) -> None:
    (tmp_path / "scp.json").write_text(json.dumps(DENY))
    found = asked(folder, capsys, "--policy", str(tmp_path / "scp.json"), "--at", at, "--kind", "scp")
    assert {(account, kind) for account, kind, _ in changes(found)} == {(account, "lost") for account in losers}
    assert any(UNREAD in each for each in found["unread"]) == (UNREAD in found["accounts"])


def test_a_policy_is_detached_by_its_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(folder, capsys, "--remove", "--policy", "scp-ou-plan-prod", "--at", "ou-plan-prod")
    assert changes(found) == [(CI, "gained", ["ec2:DescribeVpcs"])] and len(found["accounts"]) == 4


def test_a_moved_account_leaves_its_guardrails_and_its_path(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(folder, capsys, "--move", "account-01", "--to", "infra")
    assert changes(found) == [(CI, "gained", ["ec2:DescribeVpcs"]), (CI, "lost", ["s3:GetObject"])]
    (path,) = found["paths"]
    assert (path["account"], path["holder"], path["before"], path["after"]) == (OTHER, "arn:aws:s3:::b", True, False)


def test_an_rcp_reaches_those_who_come_from_other_accounts(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rcp.json").write_text(json.dumps(document({**DENY["Statement"][0], "Principal": "*"})))
    found = asked(folder, capsys, "--policy", str(tmp_path / "rcp.json"), "--at", OTHER, "--kind", "rcp")
    assert changes(found) == [(CI, "lost", ["s3:GetObject"])] and found["accounts"] == [OTHER]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--move", "nobody", "--to", "infra"], 2),
        (["--move", CI, "--to", "nowhere"], 2),
        (["--move", CI], 2),
        (["--remove", "--policy", "none", "--at", "ou-plan-prod"], 2),
        (["--remove", "--policy", "x", "--at", "nowhere"], 2),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage(folder: Path, words: list[str], status: int) -> None:
    with pytest.raises(SystemExit) as ended:
        raise SystemExit(main(["what-if", "--snapshot", str(folder), *words]))
    assert ended.value.code == status
