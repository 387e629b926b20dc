"""What a comparison of changes found: pairs of policies before and after, and what was said of them."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PROGRESS = 500
"""Pairs after which a line on standard error says how far it is."""


@dataclass
class Tally:
    """Counts over pairs. ``missed`` are changes of which nothing was said though the answer was complete, ``wrong``
    effects that are not so, ``unconfirmed`` those without a request that shows them; ``took`` is the processor time of
    each answer in seconds."""

    pairs: int = 0
    complete: int = 0
    changed: int = 0
    effects: int = 0
    unconfirmed: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    def each(self, numbers: Iterable[int]) -> Iterator[int]:
        """The numbers, each counted as a pair when it is done."""
        for number in numbers:
            yield number
            self.pairs += 1
            if self.pairs % PROGRESS == 0:
                print(f"{self.pairs} pairs, {len(self.missed)} missed, {len(self.wrong)} wrong", file=sys.stderr)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Note the processor time of an answer."""
        start = time.process_time()
        yield
        self.took.append(time.process_time() - start)

    def report(self, least_complete: float = 0.9) -> int:
        """Print what was found. Returns an exit status: 1 where something is missed or wrong, or too little is
        complete."""
        took = sorted(self.took)
        print(
            f"{self.pairs} pairs; {self.effects} effects, {self.unconfirmed} without a request that shows them; "
            f"{self.changed} changed decisions"
        )
        print(f"complete: {self.complete} of {self.pairs}; missed: {len(self.missed)}; wrong: {len(self.wrong)}")
        median, most = (took[int(len(took) * part)] * 1000 for part in (0.5, 0.99))
        print(f"time: median {median:.1f} ms, 99th percentile {most:.1f} ms")
        for words, found in (("missed", self.missed), ("wrong", self.wrong)):
            for each in found[:10]:
                print(f"{words}: {each}")
        return 1 if self.missed or self.wrong or self.complete < self.pairs * least_complete else 0
