"""Wait for a deletion in progress. A worker polls its status until the deletion ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic, sleep

from textual.message import Message

from diagnostics.fix import Wait
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading
from screens.text import visible

EVERY = 5.0
"""Seconds between two polls. A service takes minutes for a deletion; deleting a stack takes longer."""

UNDER_WAY = ("NOT_STARTED", "IN_PROGRESS", "DELETE_IN_PROGRESS")

DONE = ("", "SUCCEEDED", "DELETE_COMPLETE")


@dataclass(frozen=True, slots=True)
class WatchStatus:
    """A status of the deletion. ``over`` means that the deletion succeeded or failed, so polling ends."""

    sentence: str
    over: bool = False
    trouble: bool = False


@dataclass(eq=False, repr=False)
class Watched(Message):
    """The current status of a deletion that a fix started.

    ``number`` is the number of the diagnosis run with that fix.
    """

    number: int
    status: WatchStatus


def statuses(watch: Wait, reader: AccountReader, cancelled: Callable[[], bool]) -> Iterator[WatchStatus]:
    """Yield the current status, and then each new status, until the deletion ends. Blocks between two polls."""
    what = f"the service-linked role {watch.role}" if watch.role else f"the stack {watch.stack}"
    before: str | None = None
    while not cancelled():
        status, why = _ask(watch, reader)
        if why:
            yield WatchStatus(visible(f"The progress of the deletion of {what} could not be read: {why}"), trouble=True)
            return
        if status not in UNDER_WAY:
            said = (
                f"The deletion of {what} {'is done' if status in DONE else f'is now {status}'}; the failure is "
                "explained again."
            )
            yield WatchStatus(visible(said), over=True)
            return
        if status != before:
            said = (
                f"The deletion of {what} is {status}. rolescope checks the status every {EVERY:.0f} s, and "
                "explains the failure again when the deletion ends."
            )
            yield WatchStatus(visible(said))
        before = status
        until = monotonic() + EVERY
        while not cancelled() and monotonic() < until:
            sleep(min(0.1, EVERY))


def _ask(watch: Wait, reader: AccountReader) -> tuple[str, str]:
    """Return the status, and the reason if it is unreadable. An empty status means that the entity no longer exists."""
    if watch.role:
        role = reader.role(watch.role)
        if role.absent:
            return "", ""
        reading: Reading[str] = reader.deletion_status(watch.role)
        return reading.value or "unknown", reading.why
    stacks = reader.stack_resources(watch.physical_id)
    stack = next((each for each in stacks.value or () if each.stack_name == watch.stack), None)
    return (stack.stack_status, "") if stack is not None else ("", stacks.why or stacks.note)
