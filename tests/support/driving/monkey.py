"""Keys, pastes, clicks and sizes by chance, at the installed command.

    python -m tests.support.driving.monkey SECONDS SEED [moto | SNAPSHOT]

On the demo account; with ``moto`` on a plain moto over HTTP, which it may change; or on a snapshot's file. Prints how
many of them there were and the memory in MB as it went, a number every thousand or more; exits 1, with the last of them
and what the terminal got, where the program ended with an error, showed a traceback, or did not answer any more.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import boto3

from tests.support.accounts.over_http import plain_moto
from tests.support.accounts.scale import ACCOUNT, make
from tests.support.demo.failures import CONFLICTS, FAILURES
from tests.support.driving.terminal import COMMAND, Terminal
from tests.support.driving.waiting import LONG, at_work

KEYS = (
    *"abcdefghijklmnoprstuvwxyzABCDEGHJKLMNOPRSTUVWXYZ0123456789",  # without q, which leaves
    *"/?:[]{}+-!.,*@ ",
    *("\r", "\x1b", "\t", "\x1b[Z", "\x7f"),
    *("\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", "\x1b[3~"),
    *(chr(ord(letter) - ord("a") + 1) for letter in "abdefklnoprtuwxy"),  # with ctrl; without c and q, which leave
    *("\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"),
)
OFTEN = ("j", "k", "\r", "\x1b", "\t", "\x12", "1", "2", "3", "4", "y", "\x1b[B")
HOSTILE = (
    "",
    "\x00\x01\x02",
    "[bold]not markup[/bold] [@click=app.quit]x[/]",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07",
    "‮ right to left, 漢字, 👩‍👩‍👧‍👦, e\N{COMBINING ACUTE ACCENT}",
    '{"Version": "2012-10-17", "Statement": [' + "[" * 500,
    "AccessDenied " * 3_000,
    "\n" * 200,
)
TEXTS = (*(each.text for each in FAILURES), *(each.text for each in CONFLICTS), *HOSTILE)
ROUND = 150
"""Deeds between two looks whether the program still answers."""

CALM = 1.2
"""Seconds without work or output after which the program waits for somebody: more than a key's patience."""


def memory(pid: int) -> float:
    """What the process holds of the memory, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)


def stopped(pid: int) -> bool:
    """Whether the process waits to be continued."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
    except OSError:
        return False


@contextmanager
def account(which: str) -> Iterator[tuple[list[str], dict[str, str]]]:
    """The command's arguments, and the variables of its environment, for the account that ``which`` names."""
    if which != "moto":
        yield ["--snapshot", str(Path(which).resolve())] if which else ["--demo"], {}
        return
    keys = {"AWS_ACCESS_KEY_ID": "AKIAPLAINMOTO0000000", "AWS_SECRET_ACCESS_KEY": "plain", "AWS_REGION": "us-east-1"}
    with plain_moto() as url:
        iam = boto3.client(
            "iam",
            endpoint_url=url,
            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
            region_name=keys["AWS_REGION"],
        )
        snapshot, _ = make(60)
        for role in json.loads(json.dumps(snapshot["RoleDetailList"]).replace(ACCOUNT, "123456789012")):
            if not role["Path"].startswith("/aws-"):
                trust = json.dumps(role["AssumeRolePolicyDocument"])
                name = role["RoleName"]
                iam.create_role(
                    RoleName=name, Path=role["Path"], AssumeRolePolicyDocument=trust, Tags=role.get("Tags", [])
                )
                for policy in role["RolePolicyList"]:
                    document = json.dumps(policy["PolicyDocument"])
                    iam.put_role_policy(RoleName=name, PolicyName=policy["PolicyName"], PolicyDocument=document)
        yield ["--write"], {"AWS_ENDPOINT_URL": url, **keys}


class Monkey:
    """One program in one terminal; ``deeds`` are the last things done to it."""

    def __init__(self, dice: Random, home: Path, arguments: list[str], variables: dict[str, str]) -> None:
        self.dice = dice
        self.home = home
        self.size = (120, 40)
        self.deeds: deque[str] = deque(maxlen=60)
        self.done = 0
        self.terminal = Terminal(
            ["/bin/sh", "-c", f'cd "$HOME" && exec {shlex.join([COMMAND, *arguments])}'],
            home,
            **variables,
            EDITOR="true",
            VISUAL="true",
            SHELL="/bin/true",
            BROWSER="true",
        )
        self.terminal.until(lambda text: re.search(r"\d roles", text) is not None, "the list of roles")
        self.pid = self.terminal.child.pid
        self.memory = [memory(self.pid)]

    def drain(self, seconds: float = 0.0) -> bool:
        """Take what was written without looking at it; False at the program's end."""
        terminal = self.terminal
        while (data := terminal.written(seconds)) is not None:
            if not data:
                return True
            seconds = 0
        return False

    def key(self) -> None:
        key = self.dice.choice(OFTEN if self.dice.random() < 0.5 else KEYS)
        for _ in range(self.dice.choice((1, 1, 1, 1, 12))):
            self.terminal.keys(key)
        self.deeds.append(f"key {key!r}")

    def typing(self) -> None:
        text = "".join(self.dice.choice("abcdefghijklm:*-3/ ") for _ in range(self.dice.randint(2, 12)))
        self.terminal.keys(text)
        self.deeds.append(f"types {text!r}")

    def paste(self) -> None:
        text = self.dice.choice(TEXTS)
        self.terminal.keys(f"\x1b[200~{text}\x1b[201~")
        self.deeds.append(f"pastes {text[:60]!r}")

    def click(self) -> None:
        # The footer's last line has the key that leaves.
        column, row = self.dice.randint(1, self.size[0]), self.dice.randint(1, max(1, self.size[1] - 1))
        button = self.dice.choice((0, 0, 0, 2, 64, 65))
        self.terminal.keys(f"\x1b[<{button};{column};{row}M\x1b[<{button};{column};{row}m")
        self.deeds.append(f"clicks {button} at {column},{row}")

    def resize(self) -> None:
        dice = self.dice
        self.size = dice.choice(
            ((80, 24), (120, 40), (120, 40), (dice.randint(1, 250), dice.randint(1, 70)), (dice.randint(1, 12), 1))
        )
        self.terminal.resize(*self.size)
        self.deeds.append(f"size {self.size[0]}x{self.size[1]}")

    def round(self) -> str:
        """Some deeds, and then a look at the program; what is wrong with it, or ""."""
        deeds: tuple[Callable[[], None], ...] = (self.key, self.typing, self.paste, self.click, self.resize)
        for deed in self.dice.choices(deeds, (70, 6, 4, 12, 8), k=ROUND):
            deed()
            self.done += 1
            if not self.drain(self.dice.choice((0, 0.002, 0.01, 0.05))):
                return self.ended()
        return self.answers()

    def answers(self) -> str:
        """Given room and time the program comes to rest, and draws itself anew when it is asked to."""
        self.size = (100, 30)
        if stopped(self.pid):
            os.kill(self.pid, signal.SIGCONT)  # by the palette's "to the shell"; the shell would say fg
        self.terminal.resize(*self.size)
        if wrong := self.at_rest():
            return wrong
        before = len(self.terminal.raw)
        self.terminal.keys("\x0c")
        if wrong := self.at_rest():
            return wrong
        end = time.monotonic() + LONG  # keys before it may have been waiting, each for a second
        while len(self.terminal.raw) == before and time.monotonic() < end:
            if self.terminal.written(0.5) is None:
                return self.ended()
        self.memory.append(memory(self.pid))
        if b"Traceback (most recent" in self.terminal.raw or any("Traceback" in text for text in self.logs()):
            return "a traceback"
        return "" if len(self.terminal.raw) > before else "no answer to ctrl+l"

    def logs(self) -> list[str]:
        """Where errors go that the program outlives."""
        return [path.read_text(errors="replace") for path in self.home.rglob("*.log")]

    def at_rest(self) -> str:
        since = time.monotonic()
        end = since + 5 * LONG
        while (now := time.monotonic()) - since < CALM:
            got = self.terminal.written(0.05)
            if got is None:
                return self.ended()
            if got or at_work(self.pid):
                since = now
            if now > end:
                return f"still at work after {5 * LONG} s"
        return ""

    def ended(self) -> str:
        """What is wrong with the end; "" where a key led to it."""
        status = self.terminal.status()
        # 3 where there is no account: another profile, which has no credentials here, was chosen.
        return f"ended with {status}" if status not in (0, 3) else ""

    def leaves(self) -> str:
        """From wherever it is, by ctrl+c."""
        self.terminal.keys("\x03")
        return self.ended()


def run(seconds: float, seed: int, arguments: list[str], variables: dict[str, str]) -> int:
    dice = Random(seed)
    end = time.monotonic() + seconds
    done = 0
    while time.monotonic() < end:
        with tempfile.TemporaryDirectory() as home:
            monkey = Monkey(dice, Path(home), arguments, variables)
            wrong = ""
            while not wrong and monkey.terminal.child.isalive() and time.monotonic() < end:
                wrong = monkey.round()
                monkey.terminal.raw = monkey.terminal.raw[-20_000:]
            wrong = wrong or (monkey.leaves() if monkey.terminal.child.isalive() else "")
            done += monkey.done
            every = max(1_000 // ROUND, len(monkey.memory) // 40)
            held = [*monkey.memory[:1], *monkey.memory[1::every], monkey.memory[-1]]
            print(f"seed {seed}: {monkey.done} deeds; MB {' '.join(f'{each:.0f}' for each in held)}", flush=True)
            monkey.terminal.close()
            if wrong:
                print(f"{wrong}, after:\n  " + "\n  ".join(monkey.deeds))
                print(repr(bytes(monkey.terminal.raw[-2_000:])))
                for log in monkey.logs():
                    print(log[-6_000:])
                return 1
    print(f"{done} deeds, nothing wrong")
    return 0


if __name__ == "__main__":
    with account("".join(sys.argv[3:4])) as (given, environment):
        sys.exit(run(float(sys.argv[1]), int(sys.argv[2]), given, environment))
