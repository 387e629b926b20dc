"""Time as a ratio, so that a test's limit holds on a slow or busy machine.

What is timed is the processor's time of the test's thread, not the clock's: another process that runs meanwhile is not
counted, though it makes the processor's caches colder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import thread_time

_DIGITS = re.compile(r"(\d)\1")


@contextmanager
def within_yards(yards: float) -> Iterator[None]:
    """Fail if what is done inside takes longer than so many yards.

    A yard is a fixed piece of Python, 5 ms on a quiet machine of 2023: 200 of them are a second there. It is done
    before and after, and the slower counts.
    """
    before = _yard()
    start = thread_time()
    yield
    took = thread_time() - start
    yard = max(before, _yard())
    assert took < yards * yard, f"{took / yard:.0f} yards, of which {yards:.0f} are allowed"


def in_proportion(work: Callable[[int], object], few: int, many: int, *, slack: float = 2) -> bool:
    """Return whether ``work(many)`` takes at most ``slack`` times what ``work(few)`` lets expect.

    The fastest of three tries counts. What takes less than 10 yards passes: noise is larger there than growth.
    """
    large = _spent(work, many)
    if large < 10 * _yard():
        return True
    small = min(_spent(work, few) for _ in range(3))
    allowed = slack * small * many / few
    return large < allowed or any(_spent(work, many) < max(allowed, 10 * _yard()) for _ in range(2))


def _spent(work: Callable[[int], object], size: int) -> float:
    start = thread_time()
    work(size)
    return thread_time() - start


def _yard() -> float:
    start = thread_time()
    words = {str(number * 7919): number for number in range(12_000)}
    sum(1 for word in sorted(words) if _DIGITS.search(word))
    return thread_time() - start
