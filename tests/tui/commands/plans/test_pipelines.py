"""``--check`` and ``--fail-on`` of create and change: what a pipeline stops at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tui.cli import main

Output = pytest.CaptureFixture[str]
ROLE = "orders-api-lambda"


def document(**statement: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


PUBLIC = document(Principal={"AWS": "*"}, Action="sts:AssumeRole")
LAMBDA = document(Principal={"Service": "lambda.amazonaws.com"}, Action="sts:AssumeRole")
MISSPELT = document(Principal={"Service": "lamda.amazonaws.com"}, Action="sts:AssumeRole")


def saved(tmp_path: Path, content: object) -> str:
    path = tmp_path / "given.json"
    path.write_text(json.dumps(content))
    return str(path)


@pytest.mark.parametrize(("trust", "status"), [(PUBLIC, 1), (MISSPELT, 1), (LAMBDA, 0)])
def test_a_check_of_a_role_fails_for_what_is_refused_or_dangerous(
    trust: dict[str, Any], status: int, tmp_path: Path, capsys: Output
) -> None:
    spec = {"name": "new-role", "trust": trust, "attach": ["aws:ReadOnlyAccess"]}
    assert main(["create", saved(tmp_path, spec), "--demo", "--check"]) == status
    assert capsys.readouterr().out


def test_a_change_is_checked_alike(tmp_path: Path, capsys: Output) -> None:
    public = saved(tmp_path, PUBLIC)
    assert main(["change", ROLE, "trust", public, "--demo", "--check"]) == 1
    assert "Everybody, in any AWS account, may assume orders-api-lambda." in capsys.readouterr().out
    assert main(["change", ROLE, "trust", public, "--demo", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert ("opens.stranger", "dangerous") in {(each["code"], each["outcome"]) for each in printed["findings"]}
    assert printed["findings"][0]["outcome"] == "dangerous"
    words = ["--demo", "--apply", "--confirm", ROLE, "--fail-on", "critical", "--json"]
    assert main(["change", ROLE, "trust", public, *words]) == 1
    assert json.loads(capsys.readouterr().out)["state"] == "refused"


def test_what_is_worth_knowing_fails_only_where_it_is_asked_for(tmp_path: Path) -> None:
    wide = saved(tmp_path, document(Action="sqs:*", Resource="arn:aws:sqs:us-east-1:111122223333:orders"))
    words = ["change", ROLE, "inline", "wide", wide, "--demo"]
    assert main([*words, "--check"]) == 0
    assert main([*words, "--check", "--fail-on", "high"]) == 0
    assert main([*words, "--fail-on", "medium"]) == 1
