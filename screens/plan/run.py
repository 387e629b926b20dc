"""Carries out a plan outside the event loop: the orders for the worker, and the messages that it posts."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Event

from textual.message import Message

from diagnostics.masking.kinds import without_credentials
from iam.changes.apply import CallOutcome, CallStatus, NotWritable, WayBack, apply, resume, roll_back, writer_for
from iam.changes.journal import JournalError, JournalRecord, journal_path, read_journal
from iam.changes.plan import Plan, PlanError
from iam.changes.read_again import ChangedEntities, read_changed
from iam.credentials.profiles import Profile, ProfilesError, configured_profiles
from iam.gate.passed import Passed
from iam.gate.verdict import Verdict
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.source_error import SourceError
from screens.worker_failures import Answer

LOG = logging.getLogger("rolescope")


AT_ONCE = (0.5, 1.0)
"""Seconds between attempts of a call while the program is ending. At that point, only five seconds are left."""


class Order(StrEnum):
    """What to do with a plan.

    ``TIMED`` applies the plan for a limited time; ``GO_ON`` continues a plan that was started before.
    """

    APPLY = "apply"
    TIMED = "timed"
    GO_ON = "go-on"
    ROLL_BACK = "roll-back"


@dataclass(eq=False, repr=False)
class CallHappened(Message):
    """The state of one call changed."""

    plan_id: str
    outcome: CallOutcome


@dataclass(eq=False, repr=False)
class RunOver(Message):
    """The work on a plan ended.

    ``record`` is the current journal, None if nothing was started. ``changed`` contains the plan's entities as read
    again. ``trouble`` is a sentence that says why the work could not start or why it stopped.
    """

    plan_id: str
    record: JournalRecord | None
    changed: ChangedEntities | None
    trouble: str


@dataclass(eq=False, repr=False)
class Judged(Answer):
    """The checks before a change ended, with a verdict, or with a sentence on why there is none.

    ``no_way_back`` says why the undo of a timed change cannot be guaranteed. ``undoer`` has the credentials that will
    undo it; ``profiles`` are other profiles that could undo it.
    """

    order: Order
    verdict: Verdict | None
    trouble: str = ""
    no_way_back: str = ""
    undoer: AccountReader | None = None
    profiles: tuple[Profile, ...] = ()


def judge(
    order: Order,
    plan: Plan,
    record: JournalRecord | None,
    opened: OpenedAccount,
    tell: Callable[[Judged], object],
    open_undoer: Callable[[], AccountReader] | None = None,
) -> None:
    """Check the plan before this operation, and post the verdict.

    ``open_undoer`` opens the credentials that undo a timed change; if it is None, the caller's own credentials undo it.
    """
    from diagnostics.check.run import judged, judged_resume, judged_roll_back, why_no_way_back

    no_way_back, undoer, profiles = "", opened.reader, tuple[Profile, ...]()
    try:
        if record is None:
            verdict = judged(plan, opened)
            if order is Order.TIMED:
                undoer = open_undoer() if open_undoer is not None else opened.reader
                with suppress(ProfilesError):
                    profiles = () if opened.reader.kind == "demo" else configured_profiles()
                no_way_back = why_no_way_back(plan, opened, undoer)
        elif order is Order.ROLL_BACK:
            verdict = judged_roll_back(record, opened)
        else:
            verdict = judged_resume(record, opened)
    except (PlanError, SourceError) as error:
        tell(Judged(order, None, str(error)))
    except Exception as error:  # an error of the program must not leave the screen waiting
        LOG.exception("judging a plan")
        tell(Judged(order, None, f"The change is not carried out, because it could not be checked ({error!r})."))
    else:
        tell(Judged(order, verdict, no_way_back=no_way_back, undoer=undoer, profiles=profiles))


def carry_out(
    order: Order,
    passed: Passed,
    reader: AccountReader,
    *,
    writable: bool,
    stop: Event,
    tell: Callable[[CallHappened | RunOver], object],
    way_back: WayBack | None = None,
    at_once: bool = False,
) -> None:
    """Carry out the order and post each outcome; at the end, post the plan's entities as read again.

    The arguments are the same as for `calls_made`.
    """
    trouble = calls_made(
        order, passed, reader, writable=writable, stop=stop, tell=tell, way_back=way_back, at_once=at_once
    )
    tell(over_as_it_is(passed.plan, reader, trouble))


def calls_made(
    order: Order,
    passed: Passed,
    reader: AccountReader,
    *,
    writable: bool,
    stop: Event,
    tell: Callable[[CallHappened], object],
    way_back: WayBack | None = None,
    at_once: bool = False,
) -> str:
    """Make the calls of the order and post each outcome. Return "" if all went well.

    Otherwise return a sentence that says why the work could not start or why it stopped. ``stop`` ends the run after
    the current call; the journal then records the state. ``way_back`` is set for a timed change. ``at_once``: the
    program is ending, so do not wait long.
    """
    trouble = ""
    plan = passed.plan
    path = journal_path(plan.id)
    try:
        writer = writer_for(
            reader, writable=writable, sleep=lambda seconds: _sleep(stop, seconds), without_secrets=without_credentials
        )
        if at_once:
            writer = replace(writer, sleep=time.sleep, delays=AT_ONCE)
        outcomes: Iterator[CallOutcome]
        if order in (Order.APPLY, Order.TIMED):
            outcomes = apply(passed, reader, writable=writable, writer=writer, way_back=way_back)
        elif order is Order.GO_ON:
            outcomes = resume(path, passed, reader, writable=writable, writer=writer)
        else:
            outcomes = roll_back(path, passed, reader, writable=writable, writer=writer)
        _follow(outcomes, plan, stop, tell)
    except (NotWritable, JournalError, PlanError, SourceError) as error:
        trouble = str(error)
    except Exception as error:  # after an error of the program, the operator must still see what the journal says
        LOG.exception("carrying out a plan")
        trouble = f"The plan stopped partway ({error!r}). The journal {path} records what was done."
    return trouble


def over_as_it_is(plan: Plan, reader: AccountReader, trouble: str = "") -> RunOver:
    """Return the final message, with the current journal of the plan and with its entities read again."""
    record = None
    try:
        path = journal_path(plan.id)
        record = read_journal(path) if path.exists() else None
    except JournalError as error:
        trouble = trouble or str(error)
    return RunOver(plan.id, record, read_changed(plan, reader) if record is not None else None, trouble)


def _sleep(stop: Event, seconds: float) -> None:
    stop.wait(seconds)


def _follow(outcomes: Iterator[CallOutcome], plan: Plan, stop: Event, tell: Callable[[CallHappened], object]) -> None:
    for outcome in outcomes:
        tell(CallHappened(plan.id, outcome))
        # Never stop between the record that a call begins and the call itself: the outcome would be unknown.
        if stop.is_set() and outcome.status is not CallStatus.STARTED:
            close = getattr(outcomes, "close", None)
            if close is not None:
                close()
            return
