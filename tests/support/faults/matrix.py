"""Every fault on every call, on every walk through the program: it neither ends nor hangs, nor says what is wrong.

    python -m tests.support.faults.matrix [--walk WORD]... [--fault WORD]... [--rounds 3] [--part 0.1] [--minutes 30]
        [--seed 1] [--later] [--proxy] [--look] [--wire] [--seeds 3]

Something that spoils answers (`answers` beside this) stands before the demo account. Each walk is gone once without a
fault, which tells its calls and the right answer; then once for each call and each fault. Printed are the outcomes, by
walk, and each trouble; exits 1 where there was one. Their order is by chance, but no call meets a fault in a second
walk before every call met every fault in one: a round, of which ``--rounds`` takes some, ``--part`` a share of the
cases, ``--minutes`` what there is time for. With ``--later`` the first half of the calls of an operation is answered
and the second is spoiled; ``--proxy`` goes by HTTP to a port of this machine, at ten times the cost; ``--look`` also
prints the sentences that only an answer with a fault has, for people to judge.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import boto3

from iam.changes.apply import writer_for
from iam.demo.account.facts import HOME_REGION, NOW, REGIONS
from iam.demo.aws.sessions import session_for
from iam.demo.build import build
from iam.demo.open import serve, session
from iam.sources.aws.reader import AwsReader
from iam.sources.aws.session import Aws, Patience
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.dump import inner_dump
from tests.support.accounts.over_http import behind_proxy
from tests.support.faults import virtual_wire
from tests.support.faults.answers import MISFITS, PASSES, SLOW_OR_ENDLESS, Fault, Faults, InProcess
from tests.support.faults.screens import SCREENS
from tests.support.faults.walks import WALKS, Answer, Judged, Place, Walk

if TYPE_CHECKING:
    from iam.demo.aws.world import World

HANGS_SECONDS = 60
"""Of the processor, or without any work at all."""
READ_SECONDS, IMPATIENT_SECONDS = 30.0, 0.5
"""How long a client waits here for an answer: longer than other work on the machine may hold it up; and where answers
come late."""
RESPONSE_BYTES = 2**20
"""More than any answer of the demo account has."""
LITTLE = 0.05
"""Seconds of work in a minute that are none."""
TROUBLES = ("crash", "hang", "wrong", "lost")
SHOWN = 2000
COLLECTED_EVERY = 20
"""Cases. Each application freezes what it has read, and what was frozen and thawed the collector does not count: by
itself it would hardly ever look, and some megabytes a case add up."""
"""Characters of what is said of a trouble."""
KEY = "ASIAHARBORORGADMIN01"

Call = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    walk: Walk
    call: Call
    fault: Fault
    since: int = 0
    """How many of the calls are answered before."""
    seed: int = 0
    """Of `MISFITS`: which of several ways it is."""

    def __str__(self) -> str:
        after = f" after {self.since}" if self.since else ""
        seeded = f" seed {self.seed}" if self.seed else ""
        return f"{self.walk.name}: {self.call[0]}:{self.call[1]} {self.fault}{after}{seeded}"


@dataclass
class Tally:
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    new_words: dict[str, str] = field(default_factory=dict)
    """Sentences that only an answer with a fault has, with the case in which they came first."""


class Matrix:
    """A demo account behind a proxy, and walks through it. Use within `matrix`."""

    def __init__(self, template: World, faults: Faults, *, proxy: bool, stack: ExitStack) -> None:
        self._template, self._world = template, template.copy()
        self._faults = faults
        self._url: str | None = None
        if proxy:
            keys = {"aws_access_key_id": KEY, "aws_secret_access_key": "demo", "aws_session_token": "demo"}
            self._session = boto3.Session(region_name=HOME_REGION, **keys)
            self._url, _ = stack.enter_context(behind_proxy(self._world, faults))
        else:
            self._in_process = InProcess(serve(self._world), faults)
            self._session = session_for(self._in_process, access_key=KEY, token="demo", region=HOME_REGION)
        self.account = deque(self._reader().accounts(), maxlen=1)[0]
        self._changed = False
        self._right: dict[str, tuple[Answer, Mapping[Call, int]]] = {}

    def _reader(self) -> AwsReader:
        """A new reader, which has read nothing."""
        return AwsReader(self._session, kind="demo", clock=lambda: NOW, regions=REGIONS, endpoint_url=self._url)

    def _gone(self, walk: Walk) -> Answer:
        """What the walk says; raises what ends it, and `TimeoutError` where it hangs."""
        if self._changed:
            vars(self._world).update(vars(self._template.copy()))
            if self._url is None:
                self._in_process.begin_again()
        self._changed = walk.changes
        found: list[Answer] = []
        raised: list[BaseException] = []

        def go() -> None:
            try:
                with tempfile.TemporaryDirectory() as home:
                    new = self._reader()
                    place = Place(OpenedAccount(self.account, new), new, Path(home), self._dump, self._mended)
                    found.append(walk.go(place))
            except BaseException as error:
                raised.append(error)

        thread = threading.Thread(target=go, daemon=True)
        thread.start()
        began = used = time.process_time()
        while thread.is_alive() and time.process_time() - began < HANGS_SECONDS:
            thread.join(HANGS_SECONDS)
            if thread.is_alive() and time.process_time() - used < LITTLE:
                break
            used = time.process_time()
        if raised:
            raise raised[0]
        if not found:
            raise TimeoutError("it does not end")
        return found[0]

    def _dump(self) -> Any:
        return inner_dump(self._world)

    def _mended(self) -> None:
        self._faults.fault = None

    def right(self, walk: Walk) -> tuple[Answer, Mapping[Call, int]]:
        """The answer without a fault, and the calls of the way, with how often each was made."""
        if walk.name not in self._right:
            self._faults.put(None, None)
            answer = self._gone(walk)
            self._right[walk.name] = (answer, self._faults.seen)
        return self._right[walk.name]

    def cases(
        self, walks: tuple[Walk, ...], faults: tuple[Fault, ...] = tuple(Fault), *, later: bool = False, seeds: int = 1
    ) -> Iterator[Case]:
        """Every call of the walks with every fault, misfits in as many ways as there are ``seeds``. ``later``: those
        made more than once, from the half on."""
        for walk in walks:
            for call, times in sorted(self.right(walk)[1].items()):
                for fault in faults if times > 1 or not later else ():
                    for seed in range(seeds if fault in MISFITS else 1):
                        yield Case(walk, call, fault, times // 2 if later else 0, seed)

    def run(self, case: Case, tally: Tally) -> None:
        """A trouble that does not come again is counted as ``once``: on a machine with other work to do, a walk by keys
        may look too early."""
        outcome, said = self._outcome(case, tally)
        if outcome in TROUBLES:
            first, (outcome, said) = f"{outcome}: {case}: {said[:SHOWN]}", self._outcome(case, tally)
            if outcome not in TROUBLES:
                outcome = "once"
                print(f"once: {first}", file=sys.stderr)
        tally.outcomes[case.walk.kind, outcome] += 1
        if outcome in TROUBLES:
            tally.troubles.append(f"{outcome}: {case}: {said[:SHOWN]}")

    def _outcome(self, case: Case, tally: Tally) -> Judged:
        right, _ = self.right(case.walk)
        self._faults.put(case.fault, case.call, case.since, case.seed)
        try:
            with patience(IMPATIENT_SECONDS if case.fault is Fault.LATE and self._url else READ_SECONDS):
                answer = self._gone(case.walk)
        except TimeoutError as error:
            return "hang", str(error)
        except BaseException as error:
            return "crash", "".join(traceback.format_exception(error)[-4:])
        for sentence in sorted(answer.sentences - right.sentences):
            tally.new_words.setdefault(sentence, str(case))
        return case.walk.judged(right, answer, case.fault in PASSES)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """How long clients that are made meanwhile wait for an answer."""
    with (
        patch("iam.sources.aws.session._READ_SECONDS", seconds),
        patch("iam.sources.aws.session._FIRST_READ_SECONDS", seconds),
    ):
        yield


@contextmanager
def _clients_are_kept() -> Iterator[None]:
    """Making boto3's clients is half the cost of a case: here each is made once, for all readers. So no reader closes
    them, and their retries have no budget."""
    made: dict[tuple[str, str, Patience], Any] = {}
    really, making = Aws.client, threading.Lock()

    def client(self: Aws, service: str, region: str | None = None, *, patience: Patience = Patience.USUAL) -> Any:
        with making:
            self._clients = made
            return really(self, service, region, patience=patience)

    with (
        patch.object(Aws, "client", client),
        patch.object(Aws, "_refuse_when_closed", lambda *_, **__: None),
        patch("botocore.retries.quota.RetryQuota.acquire", lambda *_: True),
    ):
        yield


@contextmanager
def matrix(template: World | None = None, *, proxy: bool = False) -> Iterator[Matrix]:
    """Without patience: retries do not wait, and what comes late comes soon."""
    template = template or build()
    session(template)  # makes the key known
    really_sleep = time.sleep
    with ExitStack() as stack:
        stack.enter_context(patch("time.sleep", lambda seconds: really_sleep(min(seconds, 0.001))))
        stack.enter_context(patch("os.fsync", lambda _: None))
        stack.enter_context(patch.dict(writer_for.__kwdefaults__, sleep=lambda seconds: None))
        stack.enter_context(patch("iam.sources.aws.session._RETRIES", {"mode": "standard", "total_max_attempts": 3}))
        stack.enter_context(patch("iam.sources.aws.session._FIRST_RETRIES", {"mode": "standard", "max_attempts": 1}))
        stack.enter_context(patch("iam.sources.aws.session.EMPTY_PAGES", 20))
        stack.enter_context(patch("iam.sources.aws.http_limits.clock", virtual_wire.clock))
        stack.enter_context(patch("iam.sources.aws.http_limits.RESPONSE_BYTES", RESPONSE_BYTES))
        if not proxy:
            stack.enter_context(_clients_are_kept())
        stack.enter_context(patience(READ_SECONDS))
        kept: Mapping[str, str] = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
        stack.enter_context(patch.dict(os.environ, kept, clear=True))
        yield Matrix(template, Faults(), proxy=proxy, stack=stack)


def in_rounds(cases: Iterable[Case], dice: Random, at_most: int) -> list[Case]:
    """By chance, but so that in each round every call meets every fault in another walk, and in the first the faults
    are spread over the walks: one who stops early has seen them all. ``at_most`` rounds."""
    walks: dict[tuple[Call, Fault, int], list[Case]] = {}
    for case in cases:
        walks.setdefault((case.call, case.fault, case.seed), []).append(case)
    rounds: dict[int, list[Case]] = {}
    met: Counter[tuple[str, Fault]] = Counter()
    for several in sorted(walks.values(), key=len):
        dice.shuffle(several)
        several.sort(key=lambda case: met[case.walk.name, case.fault])
        met[several[0].walk.name, several[0].fault] += 1
        for number, case in enumerate(several):
            rounds.setdefault(number, []).append(case)
    for cases_of_round in rounds.values():
        dice.shuffle(cases_of_round)
    return [case for number in sorted(rounds)[:at_most] for case in rounds[number]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--walk", action="append", default=[], help="walks whose name begins like this (default: all)")
    parser.add_argument("--fault", action="append", default=[], help="such as 'denied' (default: all)")
    parser.add_argument("--part", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1000, help="walks in which a call meets a fault (default: all)")
    parser.add_argument("--minutes", type=float, default=1e6)
    parser.add_argument("--later", action="store_true")
    parser.add_argument("--proxy", action="store_true")
    parser.add_argument("--look", action="store_true")
    parser.add_argument("--wire", action="store_true", help="slow and endless responses, and misfits, alone")
    parser.add_argument("--seeds", type=int, default=1, help="ways in which an answer does not fit its request")
    arguments = parser.parse_args()
    walks = tuple(one for one in (*WALKS, *SCREENS) if not arguments.walk or one.name.startswith(tuple(arguments.walk)))
    faults = tuple(one for one in Fault if not arguments.fault or one in arguments.fault)
    if arguments.wire:
        faults = (*SLOW_OR_ENDLESS, *sorted(MISFITS))
    if arguments.proxy:
        faults = tuple(one for one in faults if one not in SLOW_OR_ENDLESS)
    dice, tally, began = Random(arguments.seed), Tally(), time.monotonic()
    with matrix(proxy=arguments.proxy) as place:
        cases = in_rounds(
            place.cases(walks, faults, later=arguments.later, seeds=arguments.seeds), dice, arguments.rounds
        )
        for case in cases[: round(len(cases) * arguments.part)]:
            if time.monotonic() - began > arguments.minutes * 60:
                break
            before = len(tally.troubles)
            place.run(case, tally)
            if sum(tally.outcomes.values()) % COLLECTED_EVERY == 0:
                gc.collect()
            for trouble in tally.troubles[before:]:
                print(trouble, flush=True)
            if sum(tally.outcomes.values()) % 100 == 0:
                print(f"{sum(tally.outcomes.values())} of {len(cases)}", file=sys.stderr)
    if arguments.look:
        for sentence, first in tally.new_words.items():
            print(f"  {sentence}\n      {first}")
    for kind in sorted({kind for kind, _ in tally.outcomes}):
        counts = ", ".join(f"{count} {word}" for (of, word), count in sorted(tally.outcomes.items()) if of == kind)
        print(f"{kind}: {counts}")
    print(f"{sum(tally.outcomes.values())} cases, {len(tally.troubles)} troubles, {time.monotonic() - began:.0f} s")
    return 1 if tally.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
