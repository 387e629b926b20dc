"""``rolescope roles`` and ``rolescope role``, ``config`` and ``completion``."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from pathlib import Path

import pytest

from tui.cli import main
from tui.configuration import Configuration, read_configuration
from tui.exit_status import ANSWERED, WRONG_USAGE


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(words) == ANSWERED
    return capsys.readouterr().out


def names(text: str) -> set[str]:
    return {line.split()[0] for line in text.splitlines()[1:]}


@pytest.mark.parametrize(
    ("words", "some", "not_these"),
    [
        (("tag:team=ferry",), "orders-api-lambda", "legacy-ftp-sync"),
        (("action:iam:PassRole", "is:mine"), "ci-pipeline-builder", "orders-api-lambda"),
        (("rule:permissions.admin",), "ds-notebook", "orders-api-lambda"),
        (("assume:me",), "platform-operator", "orders-api-lambda"),
    ],
)
def test_the_list_is_narrowed_as_on_the_screen(
    words: tuple[str, ...], some: str, not_these: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = names(told(capsys, "roles", "--demo", *words))
    assert some in found and not_these not in found


def test_the_list_as_csv_and_as_json_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(told(capsys, "roles", "--demo", "--format", "csv", "trust:lambda"))))
    values = json.loads(told(capsys, "roles", "--demo", "--json", "trust:lambda"))
    assert [row["ARN"] for row in rows] == [value["Arn"] for value in values] != []


def test_a_word_that_means_nothing_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["roles", "--demo", "colour:red"]) == WRONG_USAGE
    assert "colour:" in capsys.readouterr().err


def test_one_role_whole_and_the_name_that_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    value = json.loads(told(capsys, "role", "--demo", "--json", "ORDERS-api-lambda"))
    assert value["RoleName"] == "orders-api-lambda"
    assert {policy["Name"] for policy in value["Policies"]} == {"AWSLambdaBasicExecutionRole", "orders-table-rw"}
    assert all(policy["Document"] for policy in value["Policies"])
    assert main(["role", "--demo", "orders-api-lamda"]) == WRONG_USAGE
    assert "Did you mean orders-api-lambda?" in capsys.readouterr().err


def test_the_configuration_is_written_once_and_holds_with_every_comment_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / "config.toml"
    monkeypatch.setenv("ROLESCOPE_CONFIG", str(path))
    told(capsys, "config")
    assert read_configuration(path) == Configuration()
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("".join(f"{line[2:]}\n" for line in path.read_text().splitlines() if " = " in line or "[" in line))
    tomllib.loads(path.read_text())
    assert told(capsys, "config") == f"{path}\n"
    path.write_text("thme = 1\n")
    assert main(["config"]) == WRONG_USAGE


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_code_for_the_shell(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "rolescope" in told(capsys, "completion", shell)
