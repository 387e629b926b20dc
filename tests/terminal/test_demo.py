"""The installed command on the demo account, through a pseudo-terminal."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.driving.terminal import COMMAND, Terminal, WarmTerminal, environment
from tests.support.driving.waiting import LONG

LEAVES_ALTERNATE_SCREEN = b"\x1b[?1049l"
MOUSE_OFF = b"\x1b[?1003l"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    terminal = WarmTerminal([COMMAND, "--demo"], tmp_path)
    yield terminal
    terminal.close()


def test_browse_filter_open_a_role_see_both_policies_and_quit(tmp_path: Path) -> None:
    terminal = Terminal([COMMAND, "--demo"], tmp_path, columns=80, rows=24)
    try:
        terminal.see("32 roles", "harbor-prod 111122223333", "demo", "WRITE")
        terminal.keys("/", "orders")
        terminal.see("4 of 32 roles", "orders-api-lambda", "orders-ecs-task")
        terminal.keys("\r")
        terminal.quiet(0.1)
        terminal.keys("\r")
        terminal.see("TRUST", "lambda.amazonaws.com", "PERMISSIONS", "orders-table-rw", "AWSLambdaBasicExecutionRole")
        terminal.see("Lets the service lambda.amazonaws.com assume this role")
        terminal.keys("d")
        terminal.see("orders-api-lambda")
        terminal.keys("\x11")  # ctrl+q, from inside the box too
        assert terminal.status() == 0
        assert LEAVES_ALTERNATE_SCREEN in terminal.raw
    finally:
        terminal.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signals_leave_the_screen_and_the_mouse_as_they_were(demo: Terminal, number: signal.Signals) -> None:
    demo.see("32 roles")
    os.kill(demo.child.pid, number)
    assert demo.status() == 128 + number
    assert demo.raw.rfind(LEAVES_ALTERNATE_SCREEN) > 0
    assert demo.raw.rfind(MOUSE_OFF) > 0


@pytest.mark.parametrize(
    ("variables", "words"),
    [({}, "terminal as standard input"), ({"TERM": "dumb"}, "terminal as standard input")],
)
def test_piped_standard_input_exits_2_with_one_sentence(tmp_path: Path, variables: dict[str, str], words: str) -> None:
    result = subprocess.run(
        [COMMAND, "--demo"],
        input="",
        capture_output=True,
        text=True,
        env=environment(tmp_path, **variables),
        timeout=LONG,
        check=False,
    )
    assert result.returncode == 2
    assert words in result.stderr and result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_dumb_terminal_exits_2(tmp_path: Path) -> None:
    terminal = Terminal([COMMAND, "--demo"], tmp_path, TERM="dumb")
    assert terminal.status() == 2
    assert "cannot position its cursor" in " ".join(terminal.text.split())
    assert b"\x1b[?1049h" not in terminal.raw


def test_no_credentials_says_the_way_out_and_exits_3(tmp_path: Path) -> None:
    terminal = Terminal([COMMAND], tmp_path)
    try:
        terminal.see("no account")
        terminal.see("redentials")
        terminal.keys("q")
        assert terminal.status() == 3
    finally:
        terminal.close()


def test_a_locale_without_utf8_gets_ascii_only(tmp_path: Path) -> None:
    """Which locales those are is in ``tests/tui/test_configuration.py``."""
    terminal = Terminal([COMMAND, "--demo"], tmp_path, LANG="C", LC_ALL="C")
    try:
        text = terminal.see("32 roles", "PERMISSIONS")
        assert text.isascii(), [sign for sign in text if not sign.isascii()]
        terminal.keys("\r")
        text = terminal.see("instance profiles")
        terminal.quiet()
        terminal.keys("?")
        text = terminal.see("This screen")
        assert text.isascii(), {sign for sign in text if not sign.isascii()}
    finally:
        terminal.close()


def test_without_colours_and_mouse_none_are_written(tmp_path: Path) -> None:
    terminal = Terminal([COMMAND, "--demo", "--no-mouse"], tmp_path, NO_COLOR="1")
    try:
        terminal.see("32 roles", "PERMISSIONS")
        colours = {char.fg for row in terminal.screen.buffer.values() for char in row.values()}
        assert colours == {"default"}
        assert any(char.reverse for row in terminal.screen.buffer.values() for char in row.values())
        assert b"\x1b[?1003h" not in terminal.raw
    finally:
        terminal.close()


def test_an_unknown_theme_is_said_and_the_terminals_own_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('theme = "plaid"\n')
    terminal = WarmTerminal([COMMAND, "--demo"], tmp_path, columns=300, ROLESCOPE_CONFIG=str(path))
    try:
        terminal.see(f"{path}: theme 'plaid' is unknown", "PERMISSIONS")
    finally:
        terminal.close()


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(LONG)
        yield server


def test_a_call_that_hangs_does_not_keep_the_process(tmp_path: Path, silent: socket.socket) -> None:
    terminal = Terminal(
        [COMMAND, "--endpoint-url", f"http://127.0.0.1:{silent.getsockname()[1]}", "--region", "us-east-1"],
        tmp_path,
        AWS_ACCESS_KEY_ID="testing",
        AWS_SECRET_ACCESS_KEY="testing",
    )
    try:
        terminal.see("opening the account")
        connection, _ = silent.accept()
        terminal.keys("q")
        # The call itself would be given up after a minute.
        assert terminal.status(50) == 0
        connection.close()
        assert LEAVES_ALTERNATE_SCREEN in terminal.raw
    finally:
        terminal.close()


def test_what_was_written_of_changes_is_what_a_whole_screen_would_be(demo: Terminal) -> None:
    """Only cells that changed are written. After each key the screen must be that which ctrl+l draws from nothing.

    Sixteen colours suffice, nothing is written while nobody types, and ctrl+c leaves.
    """
    demo.see("32 roles", "PERMISSIONS")
    demo.quiet(0.5)
    assert demo.quiet(1.0, 1.0) == 0
    for keys in (
        "jjjj",
        "G",
        "s",
        "/",
        "gha",
        "\x1b",
        "\r",
        "\t",
        "]",
        "\x04",
        "w",
        "\x1b",
        "\x1b",
        "?",
        "\x1b",
        "2a",
        "3",
    ):
        demo.keys(keys)
        demo.quiet(0.4)
        before = demo.text
        demo.screen.erase_in_display(2)
        demo.keys("\x0c")
        demo.until(lambda text, before=before: text == before, f"the same screen after {keys!r}")  # type: ignore[misc]
    assert re.findall(rb"\x1b\[(?:[0-9]+;)*[34]8;[0-9;]*m", bytes(demo.raw)) == []
    demo.keys("\x03")
    assert demo.status() == 0
