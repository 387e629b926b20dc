"""Drives the installed command through a pseudo-terminal, and reads the screen that it got."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pyte

from tests.support.driving.folding import shows
from tests.support.driving.waiting import LONG, at_work
from tests.support.driving.warm import WarmSpawn

COMMAND = str(Path(sys.executable).with_name("rolescope"))


def environment(home: Path, **more: str) -> dict[str, str]:
    """A clean environment: no AWS configuration, no state of the person who runs the tests."""
    names = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "XDG_CACHE_HOME")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "AWS_EC2_METADATA_DISABLED": "true",
        **more,
    }


class Terminal:
    """A terminal of ``columns`` × ``rows`` with a program in it."""

    spawn: type[pexpect.spawn] = pexpect.spawn

    def __init__(self, command: list[str], home: Path, *, columns: int = 120, rows: int = 40, **variables: str) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()
        self.began = time.monotonic()
        self.child = self.spawn(
            command[0], command[1:], env=environment(home, **variables), dimensions=(rows, columns), timeout=None
        )
        self.child.delaybeforesend = None

    def written(self, seconds: float = 0.02) -> bytes | None:
        """What the program writes within the time, which is not drawn; None at its end."""
        try:
            data = bytes(self.child.read_nonblocking(65536, timeout=seconds))
        except pexpect.TIMEOUT:
            return b""
        except pexpect.EOF:
            return None
        self.raw += data
        return data

    def pump(self, seconds: float = 0.02) -> int:
        """Read what came within the time; returns how many bytes, -1 at the program's end."""
        data = self.written(seconds)
        if data is None:
            return -1
        self.stream.feed(data)
        return len(data)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def until(self, condition: Callable[[str], bool], what: str, seconds: float = LONG) -> str:
        """Read until the screen fulfils the condition; fails with the screen's text."""
        end = time.monotonic() + seconds
        got = 1  # the screen is looked at first, and then whenever something came: to read it takes milliseconds
        while True:
            if got and condition(text := self.text):
                return text
            if got < 0 or time.monotonic() >= end:
                break
            got = self.pump()
        raise AssertionError(f"{what} did not come about within {seconds} s:\n{self.text}")

    def see(self, *words: str, seconds: float = LONG) -> str:
        """Read until the screen shows all the words, wherever its lines break."""
        return self.until(lambda text: all(shows(text, word) for word in words), f"{words!r}", seconds)

    def quiet(self, seconds: float = 0.25, limit: float = LONG) -> int:
        """Read until, for a while, nothing comes and the program waits for something; returns the bytes that came."""
        total = 0
        since = time.monotonic()
        end = since + limit
        while (now := time.monotonic()) < end and now - since < seconds:
            got = self.pump()
            if got < 0:
                break
            total += got
            if got or at_work(self.child.pid):
                since = time.monotonic()
        return total

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.child.send(key)

    def resize(self, columns: int, rows: int) -> None:
        """Another size, at once: nothing is waited for."""
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def status(self, seconds: float = LONG) -> int:
        """Wait for the end; the exit status, or minus the signal."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.pump() >= 0:
            pass
        if self.child.isalive():
            # The pipe is closed before the process is reaped; one that goes on is a failure.
            while self.child.isalive() and time.monotonic() < end:
                time.sleep(0.01)
            assert not self.child.isalive(), f"the program goes on:\n{self.text}"
        self.child.close(force=False)
        if self.child.exitstatus is not None:
            return int(self.child.exitstatus)
        return -int(self.child.signalstatus or 0)

    def close(self) -> None:
        if self.child.isalive() and not self.child.terminate(force=True):
            self.child.wait()  # killed, and on a busy machine not yet gone
        self.child.close(force=True)


class WarmTerminal(Terminal):
    """The same, with the command as a child of a process that has loaded its modules, so that it starts sooner."""

    spawn = WarmSpawn


def lose(terminal: Terminal) -> None:
    """Close the terminal under its program, as the end of its window or connection does."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, terminal.child.child_fd)
    os.close(null)


def have(program: str) -> bool:
    return shutil.which(program) is not None
