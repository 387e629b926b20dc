"""What-if over the accounts of an organization: guardrails at units, by ARN, and an account that is moved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.organizations.generate import MANAGEMENT, ORG, UNREAD, VENDOR, document, generate, role
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
    assert any(UNREAD in each for each in found["unread"]) == (at != MANAGEMENT)
    assert bool(found["notes"]) == (at in ("r-plan", MANAGEMENT))


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


DATA, PROD = "200000000003", "ou-plan-prod"
QUEUE, SECRET = f"arn:aws:sqs:us-east-1:{DATA}:jobs", f"arn:aws:secretsmanager:us-east-1:{DATA}:secret:db-AbCdEf"
TARGET, LANDING = f"arn:aws:iam::{DATA}:role/target", f"arn:aws:iam::{INFRA}:role/landing"


@pytest.fixture(scope="module")
def across(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """App of CI may use a queue, a secret, a bucket and two roles of other accounts, and by name a role that does not
    trust it; an RCP keeps everybody outside away from DATA.
    """

    def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
        return {"Effect": "Allow", "Action": action, "Resource": resource, **more}

    def trust(account: str, name: str = "root") -> dict[str, Any]:
        who = {"AWS": f"arn:aws:iam::{account}:{name}"}
        return document({"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"})

    made = generate(0)
    closed = f"arn:aws:iam::{DATA}:role/closed"
    roles = [TARGET, LANDING, closed, f"arn:aws:iam::{UNREAD}:role/far"]
    identity = document(
        allow(["sqs:SendMessage", "secretsmanager:GetSecretValue"]),
        allow("s3:GetObject", ["arn:aws:s3:::data/*", "arn:aws:s3:::shut/*"]),
        allow("sts:AssumeRole", roles),
    )
    made.roles[CI] = [role(CI, "app", document(), {"own": identity}), role(CI, "idle", document(), {})]
    made.roles[DATA] = [role(DATA, "target", trust(CI), {}), role(DATA, "closed", trust(CI, "role/idle"), {})]
    made.roles[DATA].append(role(DATA, "vendor", trust(VENDOR), {}))
    made.roles[INFRA] = [role(INFRA, "landing", trust(CI, "role/app"), {})]
    app = {"Principal": {"AWS": f"arn:aws:iam::{CI}:role/app"}}
    made.resources[DATA] = {
        QUEUE: document(allow("sqs:*", QUEUE, **app)),
        SECRET: document(allow("secretsmanager:*", "*", **app)),
        "arn:aws:s3:::data": document(allow("s3:GetObject", "arn:aws:s3:::data/*", **app)),
        "arn:aws:s3:::shut": document(allow("s3:GetObject", "arn:aws:s3:::shut/*", Principal={"AWS": DATA})),
    }
    outside = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORG}}
    made.rcp_denies[PROD] = [
        {"Effect": "Deny", "Principal": "*", "Action": ["s3:*", "sts:*"], "Resource": "*", "Condition": outside}
    ]
    return made.write(tmp_path_factory.mktemp("across") / "it")


@pytest.mark.parametrize(
    ("denied", "at", "losses"),
    [
        ("sqs:SendMessage", CI, {QUEUE}),
        ("secretsmanager:*", "prod", {SECRET}),
        ("s3:GetObject", CI, {"arn:aws:s3:::data/x"}),
        ("sts:AssumeRole", CI, {TARGET, LANDING, f"arn:aws:iam::{UNREAD}:role/far"}),
        ("sts:AssumeRole", f"arn:aws:iam::{CI}:role/app", {TARGET, LANDING, f"arn:aws:iam::{UNREAD}:role/far"}),
        ("sqs:SendMessage", DATA, set()),
        ("sns:Publish", CI, set()),
    ],
)
def test_losses_on_resources_of_other_accounts(
    across: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], denied: str, at: str, losses: set[str]
) -> None:
    (tmp_path / "policy.json").write_text(json.dumps(document({"Effect": "Deny", "Action": denied, "Resource": "*"})))
    kind = "identity" if at.startswith("arn:") else "scp"
    found = asked(across, capsys, "--policy", str(tmp_path / "policy.json"), "--at", at, "--kind", kind)
    lost = {each["resource"] for one in found["principals"] for each in one["lost"]}
    assert {each for each in lost if CI not in each and each != "*" and "*" not in each} == losses
    assert {one["role"] for one in found["assuming"]} == {each for each in losses if each in (TARGET, LANDING)}
    if at != DATA:
        assert not found["fully_computed"] and any(UNREAD in each for each in found["unread"])


@pytest.mark.parametrize(
    "words",
    [
        ["--remove", "--policy", f"rcp-{PROD}", "--at", PROD],
        ["--move", DATA, "--to", "infra"],
    ],
)
def test_without_an_rcp_against_others_no_account_of_ours_gains(
    across: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    found = asked(across, capsys, *words)
    assert {one["role"].rpartition("/")[2] for one in found["assuming"]} == {"vendor"}
    (vendor,) = found["assuming"]
    assert VENDOR in str(vendor["gained"]) and not vendor["lost"]
    assert not any(account in str(found["assuming"]) + str(found["principals"]) for account in (CI, INFRA))


def test_the_accounts_that_were_compared_are_those_below_the_target(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who may assume a role of another account changes as well: that account was not asked for."""
    made = generate(0)
    assume = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    path = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [f"{ORG}/r-plan/ou-plan-work/ou-plan-prod/*"]}}
    made.roles[CI] = [role(CI, "builder", document(), {"own": document({**assume, "Resource": "*"})})]
    made.roles[OTHER] = [role(OTHER, "landing", document({**assume, "Principal": "*", "Condition": path}), {})]
    folder = made.write(tmp_path / "it")
    assert main(["what-if", "--snapshot", str(folder), "--move", CI, "--to", "test"]) == 0
    out = capsys.readouterr().out
    assert "Accounts compared: 1 of 1." in out and "can no longer assume it" in out
