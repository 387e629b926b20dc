"""Every schema is one, and every command's real output is as its schema says, with no field besides."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from tests.support.demo.failures import CONFLICTS, FAILURES
from tests.support.papers.schemas import faults
from tui.json_schemas import OUTPUTS, PARTS, schema

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

Output = pytest.CaptureFixture[str]
Printed = Callable[..., Any]
ACCOUNT = "111122223333"
ROLE = "orders-api-lambda"


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_schema_is_one_and_has_what_it_refers_to(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert faults(name, "no output is a mere text")


def test_no_part_is_unused() -> None:
    assert {part for name in OUTPUTS for part in schema(name).get("$defs", ())} == set(PARTS)


def test_what_no_schema_names_is_found() -> None:
    diff: dict[str, Any] = {"schema": "diff/1", "entities": [], "principals": [], "assuming": [], "unread": []}
    findings: dict[str, Any] = {"new": [], "gone": []}
    assert faults("diff", {**diff, "findings": findings}) == []
    assert faults("diff", {**diff, "findings": findings, "newer": 1})
    assert faults("diff", {**diff, "findings": {**findings, "newer": 1}})


@pytest.fixture
def printed(
    demo_reader: AwsReader, capsys: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Printed]:
    """What a command prints, parsed; ``--demo`` is the one demo account of the tests."""
    from tui.cli import main

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("iam.demo.open.open_demo", lambda **_: demo_reader)

    def run(*arguments: str) -> Any:
        main(list(arguments))
        return json.loads(capsys.readouterr().out)

    yield run


DENIED = next(each for each in FAILURES if each.id == "F04")
DEMO: dict[str, tuple[tuple[str, ...], ...]] = {
    "diagnose": (
        ("diagnose", "--demo", "--json", DENIED.text + "\n" + CONFLICTS[0].text),
        ("diagnose", "--offline", "--json", DENIED.text),
    ),
    "recent": (("diagnose", "--demo", "--recent", "--json"),),
    "history": (("history", "release-manager", "--demo", "--json"),),
    "history-blame": (("history", "release-manager", "--blame", "--demo", "--json"),),
    "who-can": (
        ("who-can", "s3:GetObject", "--demo", "--json", "--hops"),
        ("who-can", "from", "ci-pipeline-builder", "--demo", "--json", "--ways"),
    ),
    "use": (("use", "platform-operator", "--demo", "--json"),),
    "sessions": (("use", "saml-admin", "--sessions", "--demo", "--json"),),
    "right-size": (("right-size", ROLE, "--demo", "--json"),),
    "role": (("role", ROLE, "--demo", "--json"),),
    "change": (
        ("change", ROLE, "disable", "--demo", "--json"),
        ("change", ROLE, "enable", "--demo", "--json"),
    ),
    "info": (("info", "--demo", "--json"),),
    "permissions": (("permissions", "create", "--account", ACCOUNT),),
}


@pytest.mark.parametrize("name", DEMO)
def test_an_output_about_the_demo(name: str, printed: Printed) -> None:
    for arguments in DEMO[name]:
        assert faults(name, printed(*arguments)) == []


def test_the_output_of_a_creation(printed: Printed, tmp_path: Path) -> None:
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(printed("create", "--example", "ec2")))
    assert faults("create", printed("create", str(spec), "--demo", "--json")) == []


def test_the_output_of_a_change_that_is_carried_out(printed: Printed, demo_world: Any, monkeypatch: Any) -> None:
    from iam.demo.open import reader

    monkeypatch.setattr("iam.demo.open.open_demo", lambda **_: reader(demo_world))
    assert faults("change", printed("change", ROLE, "tag", "a=b", "--demo", "--apply", "--json")) == []


def test_the_lines_of_evaluate(capsys: Output, tmp_path: Path) -> None:
    from tui.cli import main

    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    request = {"principal": f"arn:aws:iam::{ACCOUNT}:role/x", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}
    file = tmp_path / "requests.jsonl"
    lines = ({**request, "id": 1, "identityPolicies": [allow]}, {**request, "scps": [[]]}, {"id": 3})
    file.write_text("\n".join(map(json.dumps, lines)))
    main(["evaluate", str(file)])
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(answers) == 3 and "error" in answers[2]
    assert [fault for each in answers for fault in faults("evaluate", each)] == []


# The others, on two small snapshots.


def _role(name: str, action: str) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    allow = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {
        "RoleName": name,
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "RoleId": "AROAEXAMPLEEXAMPLE01",
        "CreateDate": "2020-01-01T00:00:00Z",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": [allow]}}],
        "AttachedManagedPolicies": [],
    }


@pytest.fixture
def snapshots(tmp_path: Path) -> tuple[str, str]:
    """Of one account before and after a change."""
    files = (tmp_path / "before.json", tmp_path / "after.json")
    for file, roles in zip(files, ((("a", "s3:*"),), (("a", "iam:*"), ("b", "s3:GetObject"))), strict=True):
        account = {"Version": 1, "Account": {"Id": ACCOUNT, "CapturedAt": "2026-01-01T00:00:00Z"}}
        listed = {"RoleDetailList": [_role(*each) for each in roles], "UserDetailList": [], "GroupDetailList": []}
        file.write_text(json.dumps({**listed, "Policies": [], "Rolescope": account}))
    return str(files[0]), str(files[1])


def test_the_outputs_about_a_snapshot(printed: Printed, snapshots: tuple[str, str], tmp_path: Path) -> None:
    before, after = snapshots
    reviewed = printed("review", "--snapshot", after, "--json")
    assert reviewed["findings"] and faults("review", reviewed) == []
    differing = printed("diff", before, after, "--json")
    assert differing["principals"] and differing["entities"] and faults("diff", differing) == []
    listed = printed("roles", "--snapshot", after, "--json")
    assert len(listed) == 2 and faults("roles", listed) == []
    policy = tmp_path / "deny.json"
    policy.write_text(
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}'
    )
    linted = printed("lint", str(policy), "--json")
    assert faults("lint", linted) == []
    changed = printed(
        "what-if", "--snapshot", after, "--policy", str(policy), "--at", f"arn:aws:iam::{ACCOUNT}:role/a", "--json"
    )
    assert changed["principals"] and faults("what-if", changed) == []
    written = tmp_path / "written.json"
    saved = printed("snapshot", str(written), "--snapshot", after, "--json")
    assert faults("snapshot", saved) == []
    assert faults("snapshot-file", json.loads(written.read_text())) == []
