"""A shell as a role in a terminal: entered, used, left, killed; its secrets are in its environment alone."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iam.demo.clock import DemoClock
from tests.support.accounts.over_http import served
from tests.support.driving.terminal import COMMAND, Terminal, WarmTerminal
from tests.support.driving.waiting import LONG
from tests.support.texts.canaries import WORD

if TYPE_CHECKING:
    from iam.demo.aws.world import World

ROLE = "platform-operator"


class Canaries:
    """In the place of moto's random letters."""

    def choices(self, letters: str, k: int) -> list[str]:
        return list((WORD * k)[:k])


@pytest.fixture
def url(demo_world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr("iam.demo.aws.services.sts.CLOCK", DemoClock(datetime.now(UTC)))
    monkeypatch.setattr("iam.demo.aws.services.sts.mock_random", Canaries())
    with served(demo_world, lambda number, after: False) as (address, _):
        yield address


def in_the_shell(home: Path, url: str, columns: int, rows: int) -> Terminal:
    from iam.demo.open import _keys

    (home / "tmp").mkdir()
    terminal = WarmTerminal(
        [COMMAND, "--endpoint-url", url, "--role", ROLE],
        home,
        columns=columns,
        rows=rows,
        AWS_ACCESS_KEY_ID=_keys()["ben"],
        AWS_SECRET_ACCESS_KEY="demo",
        AWS_REGION="us-east-1",
        TMPDIR=str(home / "tmp"),
        SHELL="/bin/bash",
    )
    terminal.see("TRUST", ROLE)
    terminal.keys("a")
    terminal.see("You can, unless an RCP or an SCP", "METHOD")
    terminal.keys("$")
    terminal.see("exit returns to rolescope", f"({ROLE} ", " min)")  # 59 or 60, by the second of the start
    return terminal


def at_its_prompt(terminal: Terminal, after: str) -> None:
    """Wait for the prompt after what was written: until then the shell may throw away a part of what is typed."""
    terminal.until(
        lambda text: f"({ROLE} " in terminal.raw.partition(after.encode())[2].decode(errors="replace"),
        f"a prompt after {after}",
    )


def kept_secrets(home: Path, terminal: Terminal) -> list[str]:
    """Where a secret of the session stands beside the shell's own environment."""
    found = [str(path) for path in home.rglob("*") if path.is_file() and WORD.encode() in path.read_bytes()]
    found += ["the terminal"] if WORD.encode() in terminal.raw else []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
        except OSError:
            continue  # it has ended
        found += [f"the command line of {process.name}"] if WORD.encode() in words else []
    return found


@pytest.mark.parametrize(("columns", "rows"), [(120, 40), (80, 24)])
def test_entered_used_and_left_with_the_terminal_as_before(tmp_path: Path, url: str, columns: int, rows: int) -> None:
    terminal = in_the_shell(tmp_path, url, columns, rows)
    try:
        terminal.keys('echo "${AWS_SESSION_TOKEN:0:4} $(stty size) $((40 + 2))"\r')
        terminal.see(f"FwoG {rows} {columns} 42")
        at_its_prompt(terminal, after="FwoG")
        assert not kept_secrets(tmp_path, terminal)
        terminal.keys("\x03")  # the shell's, which throws away what was typed
        at_its_prompt(terminal, after="^C")
        terminal.keys("echo still $((1 + 1))\r")
        terminal.see("still 2")
        at_its_prompt(terminal, after="still 2")
        terminal.keys("exit 3\r")
        terminal.see("The shell ended with exit status 3;", "METHOD")
        terminal.keys("M")
        terminal.see("Name of the profile")
        terminal.keys("\r")
        terminal.see(f"Profile {ROLE} in", "+", "role_arn = ")
        terminal.keys("\r")
        terminal.see(f"Profile {ROLE} was written (u undoes this)")
        assert f"[profile {ROLE}]" in (tmp_path / ".aws/config").read_text()
        terminal.keys("u")
        terminal.see("Remove profile", "enter write it")
        terminal.keys("\r")
        terminal.see("restored")
        assert not (tmp_path / ".aws/config").exists()
        terminal.keys("\x11")
        assert terminal.status() == 0
    finally:
        terminal.close()
    assert not kept_secrets(tmp_path, terminal)
    assert terminal.raw.count(b"\x1b[?1049h") == terminal.raw.count(b"\x1b[?1049l") == 2
    assert terminal.raw.rindex(b"\x1b[?25h") > terminal.raw.rindex(b"\x1b[?25l"), "the cursor is back"


def until_gone(environment: Path) -> None:
    """Wait for the end of the process whose environment it is."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        try:
            if not environment.read_bytes():  # it ended, and nobody asked for its status yet
                return
        except OSError:
            return
        time.sleep(0.01)
    raise AssertionError("the shell goes on")


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGKILL])
def test_killed_it_leaves_nothing(tmp_path: Path, url: str, number: signal.Signals) -> None:
    terminal = in_the_shell(tmp_path, url, 80, 24)
    try:
        terminal.keys('echo $$ > "$HOME/shell"; echo noted $((1 + 1))\r')
        terminal.see("noted 2")
        environment = Path("/proc", (tmp_path / "shell").read_text().strip(), "environ")
        assert WORD.encode() in environment.read_bytes()
        os.kill(terminal.child.pid, number)
        terminal.status()
        until_gone(environment)
    finally:
        terminal.close()
    assert not kept_secrets(tmp_path, terminal)
