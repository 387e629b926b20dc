"""Reads CloudTrail's events outside of the event loop. After a stop, it continues from where it was."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from textual.message import Message

from diagnostics.recent.denials import RecentDenial, RecentDenials, walk
from diagnostics.trail_query.denials import denial_pages
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.evidence import EventPage
from screens.ask_trail.screen import AgreedQuery

Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class WalkProgress:
    """The denials found so far.

    ``why`` has the reason for each Region that could not be read. ``ended``: there are no older events. ``running``:
    more events are being read.
    """

    denials: tuple[RecentDenial, ...] = ()
    events: int = 0
    own: int = 0
    left_out: int = 0
    reached: datetime | None = None
    why: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    readable: bool = True
    ended: bool = False
    running: bool = False
    hours: Mapping[datetime, int] = field(default_factory=lambda: MappingProxyType({}))
    """The number of denials in each hour, by the start of the hour."""


@dataclass(frozen=True, slots=True)
class ListLeft:
    """The state of the list when it was left, to restore it: role, filter, order, row, and opened causes."""

    role: str | None = None
    filter: str = ""
    order: int = 0
    row: str = ""
    opened: frozenset[str] = frozenset()


class Walk:
    """One pass over the events of one reader.

    `progress` is the last state that the screen received; only message handlers set it.
    """

    def __init__(self, reader: AccountReader, agreed: AgreedQuery | None = None) -> None:
        """Prepare reading.

        With ``agreed``, denials are queried from a trail; otherwise all events of the event history are read.
        """
        self.reader, self.asked = reader, agreed.query if agreed is not None else None
        self.progress = WalkProgress()
        self.left = ListLeft()
        self._answer = agreed.source.ask_trail(agreed.query) if agreed is not None else None
        self._pages: Iterator[EventPage] = denial_pages(self._answer) if self._answer else reader.recent_events()
        self._found = RecentDenials()
        self._one_at_a_time = threading.Lock()

    def go_on(self, send: Callable[[Walked], object], cancelled: Cancelled) -> None:
        """Read pages until there are enough denials, no page is left, or reading is stopped. Call it in a worker."""
        with self._one_at_a_time:  # a stopped worker may still be waiting for its last page
            for _ in walk(self._pages, self._found):
                if cancelled():
                    return
                send(Walked(self, self._progress(running=True)))
            if not cancelled():
                send(Walked(self, self._progress(running=False)))

    def stop(self) -> None:
        """Stop a query that is still running."""
        if self._answer is not None:
            self._answer.stop()

    def _progress(self, *, running: bool) -> WalkProgress:
        found = self._found
        return WalkProgress(
            found.newest(),
            found.events,
            found.own,
            found.left_out,
            found.reached,
            MappingProxyType(dict(found.why)),
            not found.unreadable,
            found.ended,
            running,
            MappingProxyType(dict(found.hours)),
        )


@dataclass(eq=False, repr=False)
class Walked(Message):
    """Another page was read, or the pass ended."""

    walk: Walk
    progress: WalkProgress
