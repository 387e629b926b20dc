"""The walk through CloudTrail's events, off the event loop: it goes on where it was stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from textual.message import Message

from diagnostics.recent.denials import RecentDenial, RecentDenials, walk
from diagnostics.trail_query.denials import denial_pages
from iam.sources.reader import AccountReader, EventPage
from screens.ask_trail.screen import AgreedQuery

Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class WalkProgress:
    """What was found until now.

    ``why`` says for each region why it could not be read, ``ended`` that nothing older is left, ``running`` that the
    walk goes on.
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
    """How many denials there were in each hour, by its beginning."""


@dataclass(frozen=True, slots=True)
class ListLeft:
    """How the list was when it was left, to come back to: of which role, with which filter, order and row, and which
    causes were open.
    """

    role: str | None = None
    filter: str = ""
    order: int = 0
    row: str = ""
    opened: frozenset[str] = frozenset()


class Walk:
    """One walk of one reader. `progress` is what the screen last heard; only message handlers set it."""

    def __init__(self, reader: AccountReader, agreed: AgreedQuery | None = None) -> None:
        """``agreed``: the trail is asked for its denials, instead of the event history for everything."""
        self.reader, self.asked = reader, agreed.query if agreed is not None else None
        self.progress = WalkProgress()
        self.left = ListLeft()
        self._answer = agreed.source.ask_trail(agreed.query) if agreed is not None else None
        self._pages: Iterator[EventPage] = denial_pages(self._answer) if self._answer else reader.recent_events()
        self._found = RecentDenials()
        self._one_at_a_time = threading.Lock()

    def go_on(self, send: Callable[[Walked], object], cancelled: Cancelled) -> None:
        """Take pages until enough was seen, nothing is left, or it is stopped. Call it in a worker."""
        with self._one_at_a_time:  # a stopped worker may still wait for its last page
            for _ in walk(self._pages, self._found):
                if cancelled():
                    return
                send(Walked(self, self._progress(running=True)))
            if not cancelled():
                send(Walked(self, self._progress(running=False)))

    def stop(self) -> None:
        """A query that still runs is ended."""
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
    """The walk came further."""

    walk: Walk
    progress: WalkProgress
