"""``rolescope plan-review``: exit statuses, formats, accepted findings; its files in ``test`` and ``lint``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.accounts.plan_files import assembly, template, terraform_plan
from tests.support.accounts.questions import ID, OTHER, allow, role, scps, snapshot, trust
from tests.support.papers.schemas import faults
from tui.cli import main

Output = pytest.CaptureFixture[str]
GOOD = [role("app-worker", allow("s3:GetObject", "arn:aws:s3:::b/*"))]
WIDE = [role("app-worker", allow("*"))]


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    guard = {**scps([allow("*")]), "ResourceControlPolicies": []}
    return saved(tmp_path, "account.json", snapshot([role("old-role")], organization=guard))


def saved(folder: Path, name: str, content: Any) -> str:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def test_the_exit_status(tmp_path: Path, account: str, capsys: Output) -> None:
    good, wide = (saved(tmp_path, f"{number}.json", terraform_plan(each)) for number, each in enumerate((GOOD, WIDE)))
    assert main(["plan-review", good, "--snapshot", account]) == 0
    assert capsys.readouterr().out.startswith("The Terraform change passes")
    assert main(["plan-review", wide, "--snapshot", account]) == 1
    assert main(["plan-review", str(tmp_path / "none"), "--snapshot", account]) == 2
    assert main(["plan-review", account, "--snapshot", account]) == 2
    assert "is not a Terraform plan" in capsys.readouterr().err
    assert main(["plan-review", good, "--snapshot", str(tmp_path / "none.json")]) == 3


def test_without_an_account_only_the_file_counts(tmp_path: Path, account: str, capsys: Output) -> None:
    outside = [role("app-worker", AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{OTHER}:root"}))]
    assert main(["plan-review", saved(tmp_path, "p.json", terraform_plan(outside)), "--offline"]) == 1
    assert f"Account {OTHER} gains access" in capsys.readouterr().out
    assert main(["plan-review", saved(tmp_path, "p.json", terraform_plan(GOOD)), "--offline"]) == 0
    assert main(["plan-review", saved(tmp_path, "p.json", terraform_plan(GOOD)), "--offline", "--demo"]) == 2


def test_no_account_is_guessed_from_a_policy(tmp_path: Path, account: str, capsys: Output) -> None:
    outside = [role("app-worker", AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{OTHER}:root"}))]
    plan = terraform_plan(outside)
    file = saved(tmp_path, "p.json", plan)
    assert main(["plan-review", file, "--offline", "--account", OTHER]) == 0
    assert main(["plan-review", file, "--offline", "--account", ID]) == 1
    identity = {"type": "aws_caller_identity", "mode": "data", "values": {"account_id": OTHER}}
    plan["prior_state"] = {"values": {"root_module": {"resources": [identity]}}}
    assert main(["plan-review", saved(tmp_path, "p.json", plan), "--offline"]) == 0
    assert main(["plan-review", file, "--account", ID]) == 2


def test_json_is_as_its_schema_says(tmp_path: Path, account: str, capsys: Output) -> None:
    tests = saved(tmp_path, "t.yaml", "tests: [{principal: app-worker, action: 'iam:CreateUser', expect: denied}]")
    plan = saved(tmp_path, "p.json", terraform_plan(WIDE))
    assert main(["plan-review", plan, "--snapshot", account, "--json", "--tests", tests]) == 1
    found = json.loads(capsys.readouterr().out)
    assert faults("plan-review", found) == [] and found["schema"] == "plan-review/1"
    assert {"permissions.admin", "policy-test"} <= {one["rule"] for one in found["problems"]}
    assert main(["test", tests, "--snapshot", account, "--after", plan, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert faults("test", found) == [] and found["tests"][0]["differing"][0]["found"] == "allowed"


def test_a_plan_of_rolescope_is_applied_before_tests(tmp_path: Path, account: str, capsys: Output) -> None:
    policy = {"Version": "2012-10-17", "Statement": [allow("iam:CreateUser")]}
    document = saved(tmp_path, "policy.json", policy)
    assert main(["change", "old-role", "inline", "wide", document, "--snapshot", account, "--json"]) == 0
    plan = saved(tmp_path, "plan.json", capsys.readouterr().out)
    tests = saved(tmp_path, "t.yaml", "tests: [{principal: old-role, action: 'iam:CreateUser', expect: denied}]")
    assert main(["test", tests, "--snapshot", account]) == 0
    assert main(["test", tests, "--snapshot", account, "--after", plan]) == 1


@pytest.mark.parametrize(("more", "status"), [({"by": "ops", "until": "2999-01-01"}, 0), ({"by": "ops"}, 1), ({}, 1)])
def test_an_accepted_finding_has_an_owner_and_a_day(
    tmp_path: Path, account: str, more: dict[str, str], status: int, capsys: Output
) -> None:
    folder = tmp_path / ".rolescope"
    folder.mkdir()
    entry = {"rule": "permissions.admin", "subject": f"arn:aws:iam::{ID}:role/app-worker", "reason": "known", **more}
    lines = ["[[accepted]]", *(f"{key} = {json.dumps(value)}" for key, value in entry.items())]
    saved(folder, "accepted.toml", "\n".join(lines))
    plan = saved(tmp_path, "p.json", terraform_plan(WIDE))
    assert main(["plan-review", plan, "--snapshot", account, "--fail-on", "critical"]) in (0, 1)
    said = capsys.readouterr()
    assert ("accepted permissions.admin" in said.out) is (status == 0)
    assert ("is ignored, because an entry needs an owner" in said.err) is (status == 1)


def test_lines_of_the_repository_are_in_annotations(tmp_path: Path, account: str, capsys: Output) -> None:
    (tmp_path / "infra").mkdir()
    saved(tmp_path / "infra", "main.tf", '\n\nresource "aws_iam_role" "app-worker" {\n}\n')
    plan = saved(tmp_path, "p.json", terraform_plan(WIDE))
    main(["plan-review", plan, "--snapshot", account, "--format", "github"])
    assert "file=infra/main.tf,line=3," in capsys.readouterr().out


YAML = """Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      RoleName: app-worker
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      ManagedPolicyArns: [!Sub "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"]
"""


def test_a_template_in_yaml_has_its_lines(tmp_path: Path, account: str, capsys: Output) -> None:
    file = saved(tmp_path, "stack.yaml", YAML)
    assert main(["plan-review", file, "--snapshot", account, "--format", "sarif"]) == 1
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}


def test_lint_reads_the_same_files(tmp_path: Path, account: str, capsys: Output) -> None:
    bad = [role("app-worker", allow("s3:Getobjec", "arn:aws:s3:::b/*"))]
    for file in (
        saved(tmp_path, "p.json", terraform_plan(bad)),
        saved(tmp_path, "t.json", template(bad)),
        str(assembly(tmp_path / "cdk.out", Shop=template(bad))),
    ):
        assert main(["lint", file, "--json"]) == 1
        found = json.loads(capsys.readouterr().out)["files"]
        assert [each["kind"] for each in found] == ["trust", "identity"]
        assert found[1]["findings"][0]["code"] == "INVALID_ACTION" and found[1]["address"]


def test_a_secret_that_opens_to_everybody_is_no_bucket(tmp_path: Path, account: str, capsys: Output) -> None:
    opened = {
        "Type": "AWS::SecretsManager::ResourcePolicy",
        "Properties": {
            "SecretId": "mysecret",
            "ResourcePolicy": {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
                ],
            },
        },
    }
    file = saved(tmp_path, "t.json", {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Open": opened}})
    assert main(["plan-review", file, "--snapshot", account]) == 1
    out = capsys.readouterr().out
    assert "passes" not in out.splitlines()[0] and "s3:::mysecret" not in out


@pytest.mark.parametrize("content", [{"artifacts": {"a": 1}}, {"format_version": "1.2", "prior_state": "x"}])
def test_a_damaged_file_is_wrong_input(tmp_path: Path, account: str, capsys: Output, content: Any) -> None:
    assert main(["plan-review", saved(tmp_path, "p.json", content), "--offline"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_what_is_unknown_passes_only_in_part(tmp_path: Path, account: str, capsys: Output) -> None:
    later = {
        "Type": "AWS::Organizations::Policy",
        "Properties": {"Content": {"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}},
    }
    file = saved(tmp_path, "t.json", {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Guard": later}})
    assert main(["plan-review", file, "--snapshot", account]) == 0
    assert "passes only in part" in capsys.readouterr().out
