"""What a person sees, and how long, when the response to a call is slow or endless.

    python -m tests.support.faults.waiting [--walk start]... [--seconds 2] [--most 12] [--at-once 4] [--part 1.0]
        [--seed 1] [--call SERVICE:OPERATION]...

The installed command reads the demo account over HTTP on this machine, once for each read call of each walk and each of
twelve kinds of slow or endless response (`slow_server` beside this) on that call. ``--seconds`` is what a call may take
(``call_seconds`` of the configuration), ``--most`` how often a walk may wait that long. Printed are, by walk, the
longest wait for a call, the longest time without a word after the first ten seconds, the longest run and the most
memory; then every case that did not end, ended in a traceback, or said nothing of what it could not read: exits 1 where
there was one.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from iam.demo.account.facts import HOME_REGION
from iam.demo.aws.world import World
from iam.demo.build import build
from iam.demo.open import session
from tests.support.accounts.over_http import behind_proxy
from tests.support.demo.failures import FAILURES
from tests.support.faults.answers import WRITES, Reply
from tests.support.faults.matrix import KEY
from tests.support.faults.slow_server import BEHAVIOURS, Behaviour
from tests.support.faults.walks import SPEC

Call = tuple[str, str]
WALKS = {
    "start": ("roles", "--json"),
    "open": ("role", "orders-api-lambda", "--json"),
    "diagnose": ("diagnose", next(each.text for each in FAILURES if each.id == "F01"), "--json"),
    "create": ("create", "SPEC", "--check", "--json"),
    "review": ("review", "--json"),
}
STATUSES = (0, 1, 3)
_MADE = re.compile(r"\"alias\": \S+|\d{8}T\d+-[\w-]+|\d{4}-\d\d-\d\dT[\d:.+Z]+|\b\d{10}\b")
"""Plans' ids and times, which differ from run to run; and the account's alias, which nothing depends on and which is
null where it is unknown.
"""
MOST_MEGABYTES = 600


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command. ``silence`` is the longest time without output after the first line that says what is
    awaited, or the whole run where none came."""

    status: int | None
    out: str
    err: str
    seconds: float
    silence: float
    megabytes: float


def run(arguments: Iterable[str], url: str, home: Path, call_seconds: float, at_most: float) -> Run:
    (home / "config.toml").write_text(f"call_seconds = {call_seconds}\n")
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith("AWS_")},
        **dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), str(home)),
        "ROLESCOPE_CONFIG": str(home / "config.toml"),
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": "demo",
        "AWS_SESSION_TOKEN": "demo",
        "AWS_REGION": HOME_REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    command = [sys.executable, "-c", _COMMAND, *arguments]
    environment["PEAK"] = str(home / "peak")
    began = time.monotonic()
    with (home / "out").open("w+") as out:
        process = subprocess.Popen(
            [*command, "--endpoint-url", url],
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
        said = [began]
        lines: list[str] = []
        assert process.stderr is not None
        stop = threading.Timer(at_most, process.kill)
        stop.start()
        for line in process.stderr:
            said.append(time.monotonic())
            lines.append(line)
        process.wait()
        ended = time.monotonic()
        hung = not stop.is_alive()
        stop.cancel()
        out.seek(0)
        silences = [after - before for before, after in zip(said, [*said[1:], ended], strict=True)]
        return Run(
            None if hung else process.returncode,
            out.read(),
            "".join(lines),
            ended - began,
            max(silences),
            _peak(home / "peak"),
        )


_COMMAND = """
import os, sys
from tui.cli import main
try:
    code = main(sys.argv[1:])
finally:
    with open("/proc/self/status") as status, open(os.environ["PEAK"], "w") as peak:
        peak.writelines(line for line in status if line.startswith("VmHWM"))
sys.exit(code)
"""
"""The command, which leaves the most memory it had: what the kernel tells a parent counts the parent's own memory."""


def _peak(file: Path) -> float:
    """Megabytes; 0 of a command that was killed."""
    return int(file.read_text().split()[1]) / 1024 if file.exists() and file.read_text() else 0.0


def gone(
    name: str, template: World, behaviour: Behaviour | None, on: Call | None, seconds: float, most: float
) -> tuple[Run, Counter[Call]]:
    """One walk with the behaviour on one call; and how often each call was made."""
    calls: Counter[Call] = Counter()

    def spoil(service: str, operation: str, request: AWSPreparedRequest, carry_out: Callable[[], AWSResponse]) -> Reply:
        calls[service, operation] += 1
        reply = Reply.of(carry_out())
        if (service, operation) != on:
            return reply
        return Reply(reply.response, reply.body, reply.length, behaviour=behaviour)

    with tempfile.TemporaryDirectory() as folder, behind_proxy(template.copy(), spoil) as (url, _):
        home = Path(folder)
        spec = home / "spec.json"
        spec.write_text(json.dumps(SPEC))
        arguments = [str(spec) if word == "SPEC" else word for word in WALKS[name]]
        return run(arguments, url, home, seconds, most), calls


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--walk", action="append", choices=[*WALKS], help="default: all")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--most", type=float, default=12.0)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--part", type=float, default=1.0, help="a share of the cases, by chance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--call", action="append", help="SERVICE:OPERATION; default: every read call")
    arguments = parser.parse_args()
    template = build()
    session(template)  # makes the key known
    rights = {name: gone(name, template, None, None, 60, 600) for name in arguments.walk or WALKS}
    cases = [
        (name, call, behaviour)
        for name, (_, calls) in rights.items()
        for call in sorted(calls)
        if not WRITES.match(call[1]) and (not arguments.call or ":".join(call) in arguments.call)
        for behaviour in BEHAVIOURS
    ]
    cases = Random(arguments.seed).sample(cases, round(len(cases) * arguments.part))
    found: dict[str, list[Run]] = defaultdict(list)
    troubles: list[str] = []

    def take(case: tuple[str, Call, Behaviour]) -> None:
        name, call, behaviour = case
        right, calls = rights[name]
        most = right.seconds * 10 + arguments.seconds * arguments.most * max(1, calls[call])
        one, _ = gone(name, template, behaviour, call, arguments.seconds, most)
        found[name].append(one)
        what = f"{name}: {':'.join(call)} {behaviour.__name__}"
        if one.status is None:
            troubles.append(f"hang: {what}: {one.seconds:.0f} s\n{one.err[-500:]}")
        elif one.status not in STATUSES or "Traceback" in one.err:
            troubles.append(f"crash: {what}: {one.status} {one.err[-500:]}")
        elif _MADE.sub("", one.out) == _MADE.sub("", right.out) and one.status == right.status:
            pass  # the whole response had come, or nothing depends on it
        elif not re.search(
            r"not read|could not be|sent more than|was closed|not AWS|did not answer", one.out + one.err
        ):
            troubles.append(f"silent: {what}: {one.err[-500:]}")
        if one.megabytes > MOST_MEGABYTES:
            troubles.append(f"memory: {what}: {one.megabytes:.0f} MB")

    with ThreadPoolExecutor(arguments.at_once) as pool:
        for number, _ in enumerate(pool.map(take, cases), 1):
            if number % 50 == 0:
                print(f"{number} of {len(cases)}", file=sys.stderr, flush=True)
    print(f"{'walk':10} {'cases':>6} {'run s':>8} {'silence s':>10} {'MB':>6}   without a fault: s, MB")
    for name, runs in found.items():
        right, _ = rights[name]
        longest, silence = max(each.seconds for each in runs), max(each.silence for each in runs)
        memory = max(each.megabytes for each in runs)
        print(
            f"{name:10} {len(runs):6} {longest:8.1f} {silence:10.1f} {memory:6.0f}   "
            f"{right.seconds:.1f} {right.megabytes:.0f}"
        )
    for trouble in troubles:
        print(trouble)
    print(f"{len(cases)} cases, {len(troubles)} troubles")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
