"""``rolescope test``: forms, exit statuses, and ``--init``."""

from __future__ import annotations

import json
import xml.etree.ElementTree as Xml
from pathlib import Path

import pytest

from diagnostics.policy_tests.read import read_tests
from tests.support.accounts.questions import allow, role, scps, snapshot
from tui.cli import main

Output = pytest.CaptureFixture[str]
PASSES = "{principal: api, action: sqs:SendMessage, expect: denied}"
FAILS = "{name: '<no> & \"messages\"', principal: api, action: iam:CreateUser, expect: denied}"
DEPENDS = "{principal: api, action: iam:GetUser, expect: allowed}"


@pytest.fixture
def file(tmp_path: Path) -> str:
    region = {"StringEquals": {"aws:SourceVpc": "vpc-1"}}
    roles = [role("api", allow("iam:CreateUser"), allow("iam:GetUser", Condition=region))]
    content = snapshot(roles, organization={**scps([allow("*")]), "ResourceControlPolicies": []})
    path = tmp_path / "account.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def written(tmp_path: Path, *entries: str) -> str:
    path = tmp_path / "policy.yaml"
    path.write_text(f"tests: [{', '.join(entries)}]", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("entries", "status"), [((PASSES,), 0), ((PASSES, FAILS), 1), ((DEPENDS,), 1), (("{principal: api}",), 2)]
)
def test_the_exit_status(tmp_path: Path, file: str, entries: tuple[str, ...], status: int) -> None:
    assert main(["test", written(tmp_path, *entries), "--snapshot", file, "--skip-unread"]) == status


def test_a_file_or_account_that_cannot_be_read(tmp_path: Path, file: str, capsys: Output) -> None:
    assert main(["test", str(tmp_path / "none.yaml"), "--snapshot", file]) == 2
    assert main(["test", "--snapshot", file]) == 2
    assert main(["test", written(tmp_path, PASSES), "--snapshot", str(tmp_path / "none.json")]) == 3
    assert "none.json" in capsys.readouterr().err


def test_text_names_the_principal_and_the_statement(tmp_path: Path, file: str, capsys: Output) -> None:
    main(["test", written(tmp_path, FAILS), "--snapshot", file])
    said = capsys.readouterr().out
    assert "api: iam:CreateUser on * is allowed, expected denied. Allowed by inline, statement 1." in said
    assert "policy.yaml:1" in said and said.endswith("1 policy test: 1 failed.\n")


def test_json_and_junit_say_the_same(tmp_path: Path, file: str, capsys: Output) -> None:
    given = written(tmp_path, PASSES, FAILS, DEPENDS)
    assert main(["test", given, "--snapshot", file, "--json", "--skip-unread"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["counts"] == {"passed": 1, "failed": 1, "unknown": 1}
    assert found["tests"][2]["differing"][0]["depends_on"] == ["aws:SourceVpc"]
    main(["test", given, "--snapshot", file, "--format", "junit", "--skip-unread"])
    root = Xml.fromstring(capsys.readouterr().out)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "1")
    cases = root.findall("testsuite/testcase")
    assert [each.get("name") for each in cases][1] == '<no> & "messages"'
    assert [[child.tag for child in each] for each in cases] == [[], ["failure"], ["error"]]


def test_init_never_overwrites(tmp_path: Path, capsys: Output) -> None:
    path = tmp_path / "proposed.yaml"
    assert main(["test", "--init", str(path), "--demo"]) == 0
    assert read_tests(path.read_text(encoding="utf-8"), "f")
    assert main(["test", "--init", str(path), "--demo"]) == 2
    assert "does not overwrite" in capsys.readouterr().err
