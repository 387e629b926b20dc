"""Finds the smallest set of changes that closes every path, in a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from diagnostics.review.smallest import SmallestSet, left_open, smallest_set
from screens.review.run import ReviewRun


@dataclass(eq=False, repr=False)
class SmallestFound(Message):
    """The smallest set of changes was found for a review."""

    run: ReviewRun
    found: SmallestSet


def look_for_set(run: ReviewRun, send: Callable[[SmallestFound], object], cancelled: Callable[[], bool]) -> None:
    """Search for the smallest set of changes until it is found or the search is stopped. Call it in a worker."""
    search = smallest_set(run.reviewed, left_open(run.review.findings))
    while not cancelled():
        try:
            next(search)
        except StopIteration as end:
            send(SmallestFound(run, end.value))
            return
