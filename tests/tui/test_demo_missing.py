"""Where the demo is not installed, every command that asks for it says what to type, in one sentence."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from tui import account_choice
from tui.cli import main
from tui.exit_status import ACCOUNT_UNREADABLE, ANSWERED, CANNOT_TELL

DENIAL = "User: arn:aws:iam::111122223333:user/jo is not authorized to perform: s3:GetObject"


@pytest.fixture(autouse=True)
def _no_moto(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(account_choice, "find_spec", lambda name: None if name == "moto" else find(name))


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["diagnose", DENIAL],
        ["diagnose", "--recent"],
        ["who-can", "s3:GetObject"],
        ["snapshot", "account.json"],
        ["create", "spec.json"],
        ["info"],
    ],
)
def test_the_line_to_type(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.json").write_text('{"name": "r", "trust": {"service": "lambda"}}')
    assert main(["--demo", *arguments]) == ACCOUNT_UNREADABLE
    said = capsys.readouterr().err
    assert said.endswith(f"{sys.executable} -m pip install 'rolescope[demo]'\n") and said.count("\n") == 1


def test_what_reads_no_account_needs_no_demo(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--demo", "diagnose", "--offline", DENIAL]) in (ANSWERED, CANNOT_TELL)
    assert "pip install" not in capsys.readouterr().err
