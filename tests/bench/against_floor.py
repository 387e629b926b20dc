"""What the program takes, against the least that Textual and Python take, in one run.

``python -m tests.bench.against_floor`` prints the table. Seconds of the processor, which hold on a busy machine; the
lowest of several rounds. All through a pseudo-terminal.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from math import inf
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from tests.support.accounts.scale import make
from tests.support.driving.terminal import COMMAND, Terminal, environment
from tests.support.driving.waiting import LONG

ROLES = 10_000
HELD = 60
"""Presses of a key that is held down."""
EVERY = 0.035
"""Seconds from one of them to the next."""
SIZES = ((80, 24), (200, 50))
# The most that each may be as a multiple of the floor. Of the last two: docs/decisions/0009.
FIRST_FRAME, ROWS, KEY, SCROLLED, OPENING, PAGE, OFFLINE, SNAPSHOT = 1.35, 1.8, 2.0, 2.0, 1.3, 1.5, 12, 30
KEY_MILLISECONDS = 16
MEGABYTES = 200
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("BARE FRAME")
Bare().run()
"""


@dataclass(frozen=True)
class Result:
    """What was measured: ours, the floor's, the most that the one may be as a multiple of the other, and the most that
    ours may be by itself."""

    what: str
    ours: float
    floor: float
    limit: float
    unit: str = "ms"
    most: float = inf

    @property
    def ratio(self) -> float:
        return self.ours / self.floor

    @property
    def good(self) -> bool:
        return (self.ours if self.unit == "MB" else self.ratio) <= self.limit and self.ours <= self.most

    def __str__(self) -> str:
        floor, ours = (f"{value:.1f} {self.unit}" for value in (self.floor, self.ours))
        return f"| {self.what} | {floor} | {ours} | {self.ratio:.2f} | {self.limit} |"


def processor_seconds(pid: int) -> float:
    """What a process, with all its threads, has used of the processor (Linux: its CPU clock)."""
    return time.clock_gettime(~pid << 3 | 2)


def memory(pid: int | str) -> tuple[float, float]:
    """Megabytes that a process has in memory, and the most that it had."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return int(fields["VmRSS"].split()[0]) / 1024, int(fields["VmHWM"].split()[0]) / 1024


def big_account(folder: Path, roles: int = ROLES) -> Path:
    """A snapshot whose first role has an inline policy of 100 kB."""
    path = folder / f"{roles}.json"
    snapshot, _ = make(roles)
    first = min(snapshot["RoleDetailList"], key=lambda role: role["RoleName"].lower())
    snapshot["RoleDetailList"].remove(first)
    snapshot["RoleDetailList"].insert(0, first)
    statements = [
        {
            "Sid": f"Statement{number}",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject", "dynamodb:Query", "sqs:SendMessage"],
            "Resource": [f"arn:aws:s3:::harbor-orders-{number}/*", f"arn:aws:sqs:us-east-1:111122223333:q{number}"],
            "Condition": {"StringEquals": {"aws:PrincipalTag/team": f"team-{number}"}},
        }
        for number in range(205)
    ]
    document = {"Version": "2012-10-17", "Statement": statements}
    first["RolePolicyList"] = [{"PolicyName": "big", "PolicyDocument": document}]
    first["AttachedManagedPolicies"] = []
    path.write_text(json.dumps(snapshot, indent=2), encoding="utf-8")
    return path


@contextmanager
def terminal(command: list[str], home: Path, size: tuple[int, int], words: str) -> Iterator[tuple[Terminal, float]]:
    """The command at work, with the words on its screen and nothing left to do; and the milliseconds of the processor
    until the words were there."""
    opened = Terminal(command, home, columns=size[0], rows=size[1])
    try:
        opened.see(words)
        milliseconds = processor_seconds(opened.child.pid) * 1000
        opened.quiet(0.5)
        yield opened, milliseconds
    finally:
        opened.close()


def read(opened: Terminal, seconds: float) -> int:
    """What comes within the time, not drawn: how many bytes."""
    end, total = time.monotonic() + seconds, 0
    while (left := end - time.monotonic()) > 0:
        total += len(opened.written(left) or b"")
    return total


def cost(opened: Terminal, action: Callable[[], int]) -> tuple[float, int]:
    """Milliseconds of the processor, and bytes, until all is quiet again."""
    before, began = processor_seconds(opened.child.pid), len(opened.raw)
    action()
    opened.quiet(0.4)
    return (processor_seconds(opened.child.pid) - before) * 1000, len(opened.raw) - began


def held(opened: Terminal, key: str, times: int = HELD) -> float:
    """Milliseconds of the processor for each press of a key that is held down."""

    def hold() -> int:
        return sum(press(opened, key) for _ in range(times))

    return cost(opened, hold)[0] / times


def press(opened: Terminal, key: str) -> int:
    opened.keys(key)
    return read(opened, EVERY)


@dataclass(frozen=True)
class Walk:
    """Milliseconds a step, and the megabytes at the end."""

    start: float
    key: float
    scrolled: float
    opening: float
    page: float
    megabytes: float


def walk(command: list[str], home: Path, to_document: str, size: tuple[int, int] = (120, 40)) -> Walk:
    """``to_document`` are the keys from the opened role to its policy's text."""
    with terminal(command, home, size, f"{ROLES:,} roles") as (opened, start):
        key = held(opened, "j", 20)
        opened.keys(*("j" * size[1]))
        opened.quiet(0.4)
        scrolled = held(opened, "j")
        opened.keys("g")
        opened.quiet(0.4)
        opening = cost(opened, lambda: press(opened, "\r"))[0]
        opened.keys(*to_document)
        opened.quiet(0.4)
        page = held(opened, "\x1b[6~", 40)
        return Walk(start, key, scrolled, opening, page, memory(opened.child.pid)[0])


def walks(snapshot: Path, home: Path, rounds: int) -> Iterator[Result]:
    """Keys, opening and pages: ours and the floor's in turns."""
    floor, ours = [], []
    for _ in range(rounds):
        floor.append(walk([sys.executable, "-m", "tests.bench.floor", str(snapshot)], home, ""))
        ours.append(walk([COMMAND, "--snapshot", str(snapshot)], home, "\t\t"))
    for what, field, limit in (
        (f"{ROLES:,} roles on the screen", "start", ROWS),
        ("a key in the list, held", "key", KEY),
        ("the same where the list scrolls", "scrolled", SCROLLED),
        ("opening a policy of 100 kB", "opening", OPENING),
        ("a page of it", "page", PAGE),
    ):
        most = KEY_MILLISECONDS if field in ("key", "scrolled") else inf
        lowest, least = (min(getattr(each, field) for each in taken) for taken in (ours, floor))
        yield Result(what, lowest, least, limit, most=most)
    yield Result(
        f"memory with {ROLES:,} roles",
        min(each.megabytes for each in ours),
        min(each.megabytes for each in floor),
        MEGABYTES,
        "MB",
    )


def started(command: list[str], home: Path, words: str) -> float:
    """Milliseconds of the processor until the first frame."""
    opened = Terminal(command, home, columns=120, rows=40)
    try:
        # Not `see`: to draw what was written takes a while, in which the program goes on.
        while opened.written(LONG) and words.encode() not in opened.raw:
            pass
        assert words.encode() in opened.raw, opened.raw
        return processor_seconds(opened.child.pid) * 1000
    finally:
        opened.close()


def first_frame(home: Path, rounds: int) -> Result:
    bare, ours = in_turns(
        rounds,
        lambda: started([sys.executable, "-c", BARE], home, "BARE FRAME"),
        lambda: started([COMMAND, "--demo"], home, "reading the account"),
    )
    return Result("first frame, against a bare application", ours, bare, FIRST_FRAME)


def in_turns(rounds: int, *measures: Callable[[], float]) -> Iterator[float]:
    """The lowest that each measures: in turns, for a processor is not equally fast all the time."""
    return map(min, zip(*([measure() for measure in measures] for _ in range(rounds)), strict=True))


def spent(command: list[str], home: Path) -> float:
    """Milliseconds of the processor that a command takes."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, env=environment(home), capture_output=True, check=False)
    after = getrusage(RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def commands(home: Path, rounds: int) -> Iterator[Result]:
    small = big_account(home, 1_000)
    role = json.loads(small.read_text(encoding="utf-8"))["RoleDetailList"][0]["RoleName"]
    denial = (
        "An error occurred (AccessDenied) when calling the GetObject operation: User: "
        f"arn:aws:sts::111122223333:assumed-role/{role}/session is not authorized to perform: s3:GetObject on "
        'resource: "arn:aws:s3:::harbor-media/a.csv" because no identity-based policy allows the s3:GetObject action'
    )
    bare, offline, read = in_turns(
        rounds,
        lambda: spent([sys.executable, "-c", "pass"], home),
        lambda: spent([COMMAND, "diagnose", "--offline", denial], home),
        lambda: spent([COMMAND, "diagnose", "--snapshot", str(small), denial], home),
    )
    yield Result("diagnose --offline, against a bare Python", offline, bare, OFFLINE)
    yield Result("diagnose --snapshot of 1,000 roles", read, bare, SNAPSHOT)


def bytes_written(snapshot: Path, home: Path, size: tuple[int, int]) -> dict[str, int]:
    """What a step writes to the terminal."""
    with terminal([COMMAND, "--snapshot", str(snapshot)], home, size, f"{ROLES:,} roles") as (opened, _):
        steps = {
            "key": "j",
            "page of the list": "\x1b[6~",
            "back": "g",
            "opening": "\r",
            "to the text": "\t\t",
            "page of it": "\x1b[6~",
        }
        return {what: cost(opened, lambda keys=keys: press(opened, keys))[1] for what, keys in steps.items()}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        print("| what | floor | rolescope | ratio | limit |\n|---|---|---|---|---|")
        snapshot = big_account(home)
        for result in chain([first_frame(home, 15)], walks(snapshot, home, 5), commands(home, 15)):
            print(result, flush=True)
        for size in SIZES:
            written = bytes_written(snapshot, home, size)
            print(f"bytes at {size[0]}x{size[1]}:", ", ".join(f"{what} {count:,}" for what, count in written.items()))


if __name__ == "__main__":
    main()
