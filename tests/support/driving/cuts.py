"""Ends the installed command from outside in every state, and looks what is left.

    python -m tests.support.driving.cuts COUNT SEED

Cuts COUNT runs: at the start, in the list, at work, with the output unread, during a plan, a sign-in, ``$EDITOR`` and a
shell; by closing the terminal, SIGHUP, SIGTERM, and the same with whoever reads the terminal stopped for good. After
five seconds no process may be left, locks are free, the journal has every call that was made, and the terminal is
restored if it exists.
Prints a line for each state and way; exits 1 if anything was wrong.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from unittest.mock import patch
from uuid import uuid4

from iam.changes.journal import CallProgress, JournalError, read_journal
from iam.demo.clock import DemoClock
from tests.support.accounts.over_http import served
from tests.support.accounts.sso_server import CODE, sso_server
from tests.support.driving.terminal import COMMAND, Terminal, lose
from tests.support.driving.waiting import LONG

if TYPE_CHECKING:
    from iam.demo.aws.world import World

LIMIT_SECONDS = 5.0
GO_ON = "\x12"
ENTERS, LEAVES = b"\x1b[?1049h", b"\x1b[?1049l"
NAME = "web-canary-ec2"
READER = "import os\nwhile True: os.read(0, 65536)"

# A program on the terminal: one that a hang-up ends, and one that nothing but SIGKILL does.
POLITE = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print('program is up'); time.sleep(600)"
DEAF = POLITE.replace("signal.signal(", "signal.signal(signal.SIGHUP, signal.SIG_IGN); signal.signal(", 1).replace(
    "print(", "signal.signal(signal.SIGTERM, signal.SIG_IGN); print(", 1
)


def begin_creation(terminal: Terminal, name: str = NAME) -> None:
    """Create a role like the one shown, as far as the question before the first call."""
    terminal.see("instance profiles")
    terminal.quiet(0.1)
    terminal.keys("n")
    terminal.see("Maximum session")
    terminal.quiet(0.1)
    terminal.keys(*name)
    terminal.see(f"name {name}")
    terminal.keys(GO_ON)
    terminal.see("ctrl+r shows the plan")
    terminal.keys(GO_ON)
    terminal.see("no calls made yet")
    terminal.quiet(0.1)
    terminal.keys(GO_ON)
    terminal.see("carry out 5 calls", "harbor-prod 111122223333 (aws)")


@dataclass(slots=True)
class Run:
    """One run that is to be cut. ``made`` are the write calls that its account carried out."""

    terminal: Terminal
    home: Path
    mark: str
    made: list[str] = field(default_factory=list)
    after_cut: Callable[[], None] = lambda: None

    def processes(self) -> list[int]:
        """Return the processes that came of this run and have not ended."""
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                ours = f"ROLESCOPE_CUT={self.mark}".encode() in (path / "environ").read_bytes()
                state = (path / "stat").read_text(errors="replace").rpartition(")")[2].split()[0]
            except (OSError, IndexError):
                continue
            if ours and state not in "ZX":
                found.append(int(path.name))
        return found


@contextmanager
def _started(home: Path, *arguments: str, **variables: str) -> Iterator[Run]:
    mark = uuid4().hex
    terminal = Terminal([COMMAND, *arguments], home, **variables, ROLESCOPE_CUT=mark)  # type: ignore[arg-type]
    run = Run(terminal, home, mark)
    try:
        yield run
    finally:
        for pid in run.processes():
            os.kill(pid, signal.SIGKILL)
        terminal.close()


# States. Each yields a run that is in it.


@contextmanager
def _idle(dice: Random, home: Path, world: World) -> Iterator[Run]:
    with _started(home, "--demo") as run:
        run.terminal.see("32 roles")
        yield run


@contextmanager
def _starting(dice: Random, home: Path, world: World) -> Iterator[Run]:
    with _started(home, "--demo") as run:
        run.terminal.until(lambda text: "Roles" in text, "the first frame")
        run.terminal.pump(dice.random())
        yield run


@contextmanager
def _busy(dice: Random, home: Path, world: World) -> Iterator[Run]:
    with _idle(dice, home, world) as run:
        run.terminal.keys("24315" * dice.randint(10, 60))
        run.terminal.pump(dice.random())
        yield run


@contextmanager
def _unread(dice: Random, home: Path, world: World) -> Iterator[Run]:
    with _idle(dice, home, world) as run:
        for _ in range(dice.randint(20, 60)):
            run.terminal.keys("24315")
        time.sleep(dice.uniform(0.5, 2))
        yield run


@contextmanager
def _plan(dice: Random, home: Path, world: World) -> Iterator[Run]:
    from iam.demo.open import session

    session(world)  # whose credentials the command uses
    at, after = dice.randrange(5), dice.random() < 0.5
    reached, cut = threading.Event(), threading.Event()

    def hold(number: int, is_after: bool) -> bool:
        if (number, is_after) == (at, after):
            reached.set()
            cut.wait(LONG)
            time.sleep(0.2)
        return False

    keys = {"AWS_ACCESS_KEY_ID": "ASIAHARBORORGADMIN01", "AWS_SECRET_ACCESS_KEY": "demo", "AWS_SESSION_TOKEN": "demo"}
    with (
        served(world, hold) as (url, made),
        _started(
            home, "--endpoint-url", url, "--region", "us-east-1", "--write", "--role", "web-frontend-ec2", **keys
        ) as run,
    ):
        begin_creation(run.terminal)
        run.terminal.keys("y")
        while not reached.is_set():
            assert run.terminal.pump() >= 0
        run.made, run.after_cut = made, cut.set
        try:
            yield run
        finally:
            cut.set()


@contextmanager
def _sign_in(dice: Random, home: Path, world: World) -> Iterator[Run]:
    (home / ".aws").mkdir()
    (home / ".aws/config").write_text(
        "[profile canary]\nsso_start_url = https://example.awsapps.com/start\nsso_region = us-east-1\n"
        "sso_account_id = 111122223333\nsso_role_name = reader\n"
    )
    with sso_server() as server, _started(home, "--demo", AWS_ENDPOINT_URL_SSO_OIDC=server.url) as run:
        server.errors = ["AuthorizationPendingException"] * 1000
        run.terminal.see("32 roles")
        run.terminal.keys("P")
        run.terminal.see("canary")
        run.terminal.keys("\t")
        run.terminal.keys("canary")
        run.terminal.quiet(0.1)
        run.terminal.keys("\r")
        run.terminal.see(CODE)
        yield run


def _program(dice: Random, home: Path) -> str:
    path = home / "program"
    path.write_text(f"#!{sys.executable} -IS\n{dice.choice((POLITE, DEAF))}\n")
    path.chmod(0o755)
    return str(path)


@contextmanager
def _editor(dice: Random, home: Path, world: World) -> Iterator[Run]:
    with _started(home, "--demo", "--role", "orders-api-lambda", EDITOR=_program(dice, home)) as run:
        run.terminal.see("TRUST", "PERMISSIONS", "instance profiles")
        run.terminal.quiet(0.1)
        run.terminal.keys("o")
        run.terminal.see("program is up")
        yield run


@contextmanager
def _shell(dice: Random, home: Path, world: World) -> Iterator[Run]:
    from iam.demo.open import _keys

    shell = dice.choice(("/bin/bash", _program(dice, home)))
    keys = {"AWS_ACCESS_KEY_ID": _keys()["ben"], "AWS_SECRET_ACCESS_KEY": "demo", "AWS_REGION": "us-east-1"}
    with (
        patch("iam.demo.aws.services.sts.CLOCK", DemoClock(datetime.now(UTC))),
        served(world, lambda number, after: False) as (url, _),
        _started(home, "--endpoint-url", url, "--role", "platform-operator", SHELL=shell, **keys) as run,
    ):
        run.terminal.see("TRUST", "platform-operator")
        run.terminal.keys("a")
        run.terminal.see("METHOD")
        run.terminal.quiet(0.1)
        run.terminal.keys("$")
        run.terminal.see("exit returns to rolescope")
        run.terminal.see("min)" if shell == "/bin/bash" else "program is up")
        yield run


STATES = {
    "starting": _starting,
    "idle": _idle,
    "busy": _busy,
    "unread": _unread,
    "plan": _plan,
    "sign-in": _sign_in,
    "editor": _editor,
    "shell": _shell,
}
WAYS = ("close", "SIGHUP", "SIGTERM", "stopped, close", "stopped, SIGHUP", "stopped, SIGTERM")


# The cut


def cut(run: Run, way: str, *, read: bool) -> list[str]:
    """Cut the run, and return what is wrong five seconds later. ``read``: whether somebody reads what it writes."""
    terminal, child = run.terminal, run.terminal.child
    stopped, _, what = way.rpartition(", ")
    # A copy, so that the terminal's end is seen after the reader lost it.
    with ExitStack() as stack:
        if stopped:
            reader = subprocess.Popen([sys.executable, "-IS", "-c", READER], stdin=child.child_fd)
            stack.callback(reader.wait)
            stack.callback(reader.kill)
            reader.send_signal(signal.SIGSTOP)
        since = time.monotonic()
        if what == "close":
            lose(terminal)
            if stopped:
                reader.kill()
        else:
            os.kill(child.pid, getattr(signal, what))
        run.after_cut()
        while (left := run.processes()) and time.monotonic() - since < LIMIT_SECONDS:
            if read and not stopped and what != "close":
                terminal.written(0.02)
            else:
                time.sleep(0.05)
        wrong = [f"left after {LIMIT_SECONDS:.0f} s: {len(left)} processes"] if left else []
        if not left:
            wrong += _wrong_status(run, signal.SIGHUP if what == "close" else getattr(signal, what))
            if what != "close":
                wrong += _wrong_terminal(terminal)
    return wrong + _wrong_journals(run) + _wrong_logs(run)


def _wrong_status(run: Run, number: int) -> list[str]:
    child = run.terminal.child
    end = time.monotonic() + LIMIT_SECONDS
    while child.isalive() and time.monotonic() < end:
        time.sleep(0.01)
    status = child.exitstatus if child.exitstatus is not None else -(child.signalstatus or 0)
    return [] if status == 128 + number else [f"status {status}"]


def _wrong_terminal(terminal: Terminal) -> list[str]:
    while terminal.written(0.05):
        pass
    raw = bytes(terminal.raw)
    wrong = [] if raw.rfind(LEAVES) >= raw.rfind(ENTERS) else ["the alternate screen stays"]
    local = termios.tcgetattr(terminal.child.child_fd)[3]
    return wrong + ([] if local & termios.ECHO and local & termios.ICANON else ["the terminal stays raw"])


def _wrong_journals(run: Run) -> list[str]:
    wrong = []
    paths = list((run.home / "state/rolescope/journal").glob("*.json*"))
    if run.made and not paths:
        return ["no journal"]
    for path in paths:
        with path.open("rb") as file:
            try:
                fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                wrong.append("the journal is locked")
        try:
            record = read_journal(path)
        except JournalError as error:
            wrong.append(str(error))
            continue
        known = [state.progress is not CallProgress.WAITING for state in record.states]
        done = [state.progress is CallProgress.DONE for state in record.states]
        if sum(known) < len(run.made) or sum(done) > len(run.made):
            wrong.append(f"{len(run.made)} calls made, {sum(known)} known, {sum(done)} done")
        if run.made and not (record.half_done or record.end is not None):
            wrong.append("the plan cannot be resumed")
    return wrong


def _wrong_logs(run: Run) -> list[str]:
    texts = [path.read_text(errors="replace") for path in run.home.rglob("*.log")]
    found = [line for text in texts for line in text.splitlines() if re.match(r"\w+(Error|Exception)\b", line)]
    return [f"logged: {line}" for line in found]


def one(state: str, way: str, dice: Random, world: World) -> tuple[float, list[str]]:
    """Return the seconds from the cut to the last process's end, and what was wrong."""
    with (
        tempfile.TemporaryDirectory(prefix="rolescope-cut-", ignore_cleanup_errors=True) as home,
        STATES[state](dice, Path(home), world) as run,
    ):
        since = time.monotonic()
        wrong = cut(run, way, read=state != "unread")
        return time.monotonic() - since, wrong


def run_cuts(count: int, seed: int) -> int:
    from iam.demo.build import build

    dice, world = Random(seed), build()
    took: dict[tuple[str, str], list[float]] = defaultdict(list)
    wrong: Counter[str] = Counter()
    every = [(state, way) for state in STATES for way in WAYS]
    dice.shuffle(every)
    number = unreached = 0
    while number < count:
        state, way = every[number % len(every)]
        try:
            seconds, found = one(state, way, dice, world.copy())
        except AssertionError as error:
            unreached += 1
            print(f"{state} was not reached: {error}", flush=True)
            if unreached > count // 10 + 1:
                return 1
            continue
        number += 1
        took[state, way].append(seconds)
        print(f"cut {number} of {count}: {state}, {way}: {seconds:.1f} s", flush=True)
        for each in found:
            wrong[each] += 1
            print(f"cut {number}: {state}, {way}: {each}", flush=True)
    for (state, way), seconds_of in sorted(took.items()):
        print(f"{state:9} {way:17} {len(seconds_of):3} cuts, longest {max(seconds_of):.1f} s")
    print(f"seed {seed}: {count} cuts, {sum(wrong.values())} things wrong, {unreached} times the state was not reached")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(run_cuts(int(sys.argv[1]), int(sys.argv[2])))
