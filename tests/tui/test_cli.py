"""The command line's own behaviour; each command's answers are tested with the command."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from iam.sources.source_error import SourceError
from tests.support.faults.full_disk import on_full_disk
from tui import __version__
from tui.arguments.parser import build_parser
from tui.cli import main
from tui.exit_status import ANSWERED, CANNOT_TELL, WRONG_USAGE
from tui.open_account import open_reader


@pytest.mark.parametrize("arguments", [["nonsense"], ["--nonsense"], ["snapshot"], ["diagnose", "a", "b"]])
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == WRONG_USAGE
    assert "usage: rolescope" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--demo", "--snapshot", "f"], "Choose one account"),
        (["--demo", "--profile", "p"], "Choose one account"),
        (["--as", "ben"], "use it with --demo"),
    ],
)
def test_contradicting_account_options_are_refused_in_a_sentence(arguments: list[str], says: str) -> None:
    with pytest.raises(SourceError, match=says):
        open_reader(build_parser().parse_args(arguments))


def test_what_a_terminal_cannot_show_ends_no_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding="ascii"))
    monkeypatch.setenv("ROLESCOPE_CONFIG", str(tmp_path / "–"))
    assert main(["config"]) == ANSWERED
    sys.stdout.flush()
    assert b"\\u2013: written" in written.getvalue()


def test_why_a_command_ends_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "\x1b[2Jnone"]) == WRONG_USAGE
    assert capsys.readouterr().err.startswith("There is no schema \\u001b[2Jnone. Choose one of ")


def test_an_error_of_its_own_is_one_sentence_and_the_log_has_the_rest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for error in (ValueError("token=abcd1234efgh"), PermissionError(13, "token=abcd1234efgh")):
        monkeypatch.setattr("tui.commands.schema.run", Mock(side_effect=error))
        assert main(["schema", "roles"]) == CANNOT_TELL
        said = capsys.readouterr().err
        assert said.startswith(f"rolescope had an internal error and had to end ({type(error).__name__}")
        assert said.count("\n") == 1 and "abcd1234efgh" not in said
        assert caplog.records[-1].exc_info


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0 and capsys.readouterr().out == f"rolescope {__version__}\n"


def test_what_a_spec_may_say_is_told_where_no_source_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["create", "--spec-help"]) == 0
    assert "max_session_seconds" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["create", "--help"])
    assert "--spec-help" in capsys.readouterr().out


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_output_that_the_caller_closed_is_said_to_nobody(closed: str) -> None:
    code = "import sys; from tui.cli import main; sys.exit(main(['diagnose', '--offline', 'AccessDenied']))"
    done = subprocess.run(
        ["sh", "-c", f'"$0" -c "$1" {closed}', sys.executable, code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (CANNOT_TELL, "")


def test_a_full_disk_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Closing the file writes what is left once more.
    with on_full_disk(tmp_path / "out") as full, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", full)
        assert main(["schema", "roles"]) == WRONG_USAGE
    assert capsys.readouterr().err == "The output cannot be written: No space left on device.\n"


def test_help_describes_the_commands_without_an_empty_value(capsys: pytest.CaptureFixture[str]) -> None:
    """Python 3.11 and 3.12 printed ``None`` as the description of the commands."""
    with pytest.raises(SystemExit):
        main(["--help"])
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "explain:" in lines and "None" not in lines
