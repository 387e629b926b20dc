"""A plan on the screen: the plan, where each of its calls stands, and what that lets one do."""

from __future__ import annotations

from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from textual.message_pump import MessagePump

from iam.account import Role
from iam.changes.apply import CallOutcome, Status
from iam.changes.journal import CallState, End, Progress, Record
from iam.changes.plan import Call, Plan
from screens.commands import Command
from screens.frame.base import BaseScreen
from screens.plan.calls import PlannedCall
from screens.plan.run import Order
from screens.session import Session

if TYPE_CHECKING:
    from diagnostics.failure import Conflict


class PlanState(BaseScreen):
    """The part of the plan's screen that knows where the plan stands, and draws nothing."""

    def __init__(
        self, session: Session, plan: Plan, *, opener: MessagePump | None = None, record: Record | None = None
    ) -> None:
        super().__init__(session)
        self.plan = plan
        self.record = record
        self._opener = opener
        self._order: Order | None = None
        self._stop = Event()
        self._form: str | None = None
        self._verification = ""
        self._trouble = ""
        states = record.states if record is not None else tuple(CallState() for _ in plan.calls)
        self._planned = [PlannedCall(index, call, states[index]) for index, call in enumerate(plan.calls)]

    @property
    def running(self) -> bool:
        return self._order is not None

    @property
    def at_work(self) -> bool:
        return self.running

    def give_up(self) -> None:
        self._stop.set()

    @property
    def end(self) -> End | None:
        """How the plan ended; None while it has not begun, is running, or stands in the middle."""
        return self.record.end if self.record is not None and not self.running else None

    @property
    def half_done(self) -> bool:
        """Whether it was begun, is not being carried out now, and what is to become of it is undecided."""
        return self.record is not None and self.record.end is None and not self.running

    @property
    def failed(self) -> PlannedCall | None:
        """The call that failed last."""
        return next((row for row in self._planned if _failed(row.state)), None)

    @property
    def failed_call(self) -> Call | None:
        """The call that failed last, or its undo; None while that may still change."""
        row = self.failed
        if row is None or not row.state.code or self.running or self.end is not None:
            return None
        return row.call.undo if row.state.progress is Progress.UNDO_FAILED and row.call.undo else row.call

    @property
    def error_text(self) -> str:
        """The failed call's error, as the AWS CLI prints it."""
        row, call = self.failed, self.failed_call
        if row is None or call is None:
            return ""
        return f"An error occurred ({row.state.code}) when calling the {call.operation} operation: {row.state.message}"

    @property
    def conflict(self) -> Conflict | None:
        """The taken name that the failed call met; None where it failed otherwise."""
        from diagnostics.plans.conflict import conflict_of

        row, call = self.failed, self.failed_call
        if row is None or call is None:
            return None
        return conflict_of(call, row.state.code, self.error_text, self.plan.calls)

    def role_in_attention(self) -> Role | None:
        name = next((name for call in self.plan.calls if (name := call.text("RoleName"))), "")
        return self.session.role(name) if name else None

    def why_not(self, command: Command) -> str:
        return self._objection(command) or super().why_not(command)

    def _objection(self, command: Command) -> str:
        """What the state of the plan has against a command."""
        running = "It is being carried out: escape stops it after the present call."
        match command.action:
            case "apply" | "resume" | "roll_back" | "leave" | "undo" | "diagnose" if self.running:
                return running
            case "apply" if not self.plan.calls:
                return "There is nothing to do: the plan has no calls."
            case "apply" if self.record is not None and self.end is not End.ROLLED_BACK:
                return "It was carried out." if self.end is End.APPLIED else "It was begun: resume it."
            case "resume" | "roll_back" | "leave" if not self.half_done:
                return "There is nothing half done here."
            case "undo" if self.end is not End.APPLIED:
                return "There is nothing to undo: the plan was not carried out."
            case "diagnose" if not self.error_text:
                return "No call failed."
        return ""

    @property
    def stopping(self) -> bool:
        return self.running and self._stop.is_set()

    @property
    def order(self) -> Order | None:
        return self._order

    @property
    def verification(self) -> str:
        return self._verification

    @property
    def trouble(self) -> str:
        return self._trouble

    @property
    def planned(self) -> tuple[PlannedCall, ...]:
        return tuple(self._planned)


def _failed(state: CallState) -> bool:
    if state.progress in (Progress.STARTED, Progress.UNDO_STARTED):
        return bool(state.code)
    # One that is done may have an error too: that it was so already.
    return state.progress in (Progress.FAILED, Progress.UNDO_FAILED)


def after(row: PlannedCall, outcome: CallOutcome) -> PlannedCall:
    """The row as an outcome leaves it; the journal has the last word once the run is over."""
    undoing = outcome.undoing
    progress = {
        Status.STARTED: Progress.UNDO_STARTED if undoing else Progress.STARTED,
        Status.WAITING: Progress.UNDO_STARTED if undoing else Progress.STARTED,
        Status.DONE: Progress.UNDONE if undoing else Progress.DONE,
        Status.ALREADY: Progress.ALREADY,
        Status.FAILED: Progress.UNDO_FAILED if undoing else Progress.FAILED,
        Status.VERIFIED: row.state.progress,
    }[outcome.status]
    failure = outcome.failure if outcome.status is Status.FAILED else None
    state = replace(
        row.state,
        progress=progress,
        code=failure.code if failure else "",
        message=failure.message if failure else "",
        request_id=outcome.request_id,
    )
    waiting = outcome.status is Status.WAITING
    told = (
        outcome.sentence
        if outcome.status in (Status.WAITING, Status.FAILED) or outcome.sentence != row.call.why
        else ""
    )
    return replace(
        row,
        state=state,
        running=outcome.status in (Status.STARTED, Status.WAITING),
        again=outcome.sentence if waiting else "",
        sentence=told,
    )
