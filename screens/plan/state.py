"""The state of a plan: the result of each call, the current operation, and the actions that the state permits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import Event
from typing import TYPE_CHECKING

from diagnostics.plans.conflict import conflict_of
from iam.changes.apply import CallOutcome, CallStatus
from iam.changes.journal import CallProgress, CallState, End, JournalRecord
from iam.changes.plan import Call, Plan
from screens.plan.calls import PlannedCall
from screens.plan.run import Order, RunOver

if TYPE_CHECKING:
    from diagnostics.failure import Conflict


@dataclass(frozen=True, slots=True)
class PlanState:
    """The state of a plan before, during and after it is carried out. Each event creates a new state.

    ``record`` is the journal, None if nothing was started. ``order`` is the current operation, None if there is none;
    ``stop`` ends it after the current call. ``verification`` says what reading the entities again found; ``trouble``
    says why the operation could not start or why it stopped. ``watched``: this run undoes the change when its time is
    over. ``checking``: the check of the plan has not finished.
    """

    plan: Plan
    calls: tuple[PlannedCall, ...]
    record: JournalRecord | None = None
    order: Order | None = None
    stop: Event = field(default_factory=Event, compare=False)
    verification: str = ""
    trouble: str = ""
    watched: bool = False
    checking: bool = False

    @classmethod
    def of(cls, plan: Plan, record: JournalRecord | None) -> PlanState:
        """Return the state that the journal records, or the initial one if there is no journal."""
        states = record.states if record is not None else tuple(CallState() for _ in plan.calls)
        calls = (PlannedCall(index, call, states[index]) for index, call in enumerate(plan.calls))
        return cls(plan, tuple(calls), record)

    @property
    def running(self) -> bool:
        return self.order is not None

    @property
    def stopping(self) -> bool:
        return self.running and self.stop.is_set()

    @property
    def end(self) -> End | None:
        """How the plan ended; None if it was not started, is running, or stopped partway."""
        if self.record is None or self.running or self.pending:
            return None
        return self.record.end

    @property
    def half_done(self) -> bool:
        """Whether the plan was started, is not running now, and still has to be resumed, rolled back or abandoned."""
        return self.record is not None and self.record.unfinished and not self.running

    @property
    def pending(self) -> bool:
        """Whether the plan was applied completely, is temporary, and was neither kept nor undone yet."""
        return self.for_a_time and self.record is not None and self.record.end is End.APPLIED

    @property
    def for_a_time(self) -> bool:
        """Whether the plan, or the part that was carried out, is temporary and was neither kept nor undone yet."""
        return self.record is not None and self.record.roll_back_pending and not self.running

    @property
    def failed(self) -> PlannedCall | None:
        """The call that failed last."""
        return next((row for row in self.calls if _failed(row.state)), None)

    @property
    def failed_call(self) -> Call | None:
        """The call that failed last, or its undo if that failed; None while its state may still change."""
        row = self.failed
        if row is None or not row.state.code or self.running or self.end is not None:
            return None
        return row.call.undo if row.state.progress is CallProgress.UNDO_FAILED and row.call.undo else row.call

    @property
    def error_text(self) -> str:
        """The error of the failed call, as the AWS CLI prints it; "" if there is none."""
        row, call = self.failed, self.failed_call
        if row is None or call is None:
            return ""
        return f"An error occurred ({row.state.code}) when calling the {call.operation} operation: {row.state.message}"

    @property
    def conflict(self) -> Conflict | None:
        """The conflict with an existing name that made the call fail; None if it failed for another reason."""
        row, call = self.failed, self.failed_call
        if row is None or call is None:
            return None
        return conflict_of(call, row.state.code, self.error_text, self.plan.calls)

    def objection(self, action: str) -> str:
        """Return why an action of the screen is not possible now; "" if it is."""
        match action:
            case "apply" | "timed" | "resume" | "roll_back" | "leave" | "undo" | "diagnose" if self.running:
                return "The plan is being carried out: escape stops it after the current call."
            case "apply" | "timed" if not self.plan.calls:
                return "There is nothing to do: the plan has no calls."
            case "timed" if self.end is End.ROLLED_BACK:
                return "The plan was rolled back: carry it out again (ctrl+r), or make a new plan."
            case "apply" | "timed" if self.record is not None and self.end is not End.ROLLED_BACK:
                return "The plan was carried out." if self.end is End.APPLIED else "The plan was started: resume it."
            case "resume" if self.pending:
                return "Every call was made: keep the change (=), or roll it back (u)."
            case "resume" | "roll_back" | "leave" if not self.half_done:
                return "There is nothing unfinished here."
            case "undo" if self.end is not End.APPLIED:
                return "There is nothing to undo: the plan was not carried out."
            case "diagnose" if not self.error_text:
                return "No call failed."
        return ""

    def begun(self, order: Order) -> PlanState:
        """Return the state after an order was started, without the messages of an earlier one."""
        calls = (
            replace(row, again="", sentence="", state=replace(row.state, code="", message="")) for row in self.calls
        )
        return PlanState(self.plan, tuple(calls), self.record, order)

    def after(self, outcome: CallOutcome) -> PlanState:
        """Return the state after the outcome of one call.

        An index past the last call means that the entities were read again.
        """
        if outcome.index >= len(self.calls):
            unseen = outcome.status in (CallStatus.FAILED, CallStatus.UNVERIFIED)
            trouble = outcome.sentence if unseen else ""
            return replace(self, verification=outcome.sentence, trouble=trouble)
        calls = list(self.calls)
        calls[outcome.index] = _after(calls[outcome.index], outcome)
        return replace(self, calls=tuple(calls))

    def over(self, message: RunOver) -> PlanState:
        """Return the state after the operation ended, according to the journal."""
        record, calls = message.record or self.record, self.calls
        if record is not None:
            states = zip(calls, record.states, strict=True)
            calls = tuple(replace(row, state=state, running=False, again="") for row, state in states)
        trouble = message.trouble or self.trouble
        return replace(self, calls=calls, record=record, order=None, trouble=trouble)


def _failed(state: CallState) -> bool:
    if state.progress in (CallProgress.STARTED, CallProgress.UNDO_STARTED):
        return bool(state.code)
    # A call that succeeded may have an error too: its effect existed already.
    return state.progress in (CallProgress.FAILED, CallProgress.UNDO_FAILED)


def _after(row: PlannedCall, outcome: CallOutcome) -> PlannedCall:
    undoing = outcome.undoing
    progress = {
        CallStatus.STARTED: CallProgress.UNDO_STARTED if undoing else CallProgress.STARTED,
        CallStatus.WAITING: CallProgress.UNDO_STARTED if undoing else CallProgress.STARTED,
        CallStatus.DONE: CallProgress.UNDONE if undoing else CallProgress.DONE,
        CallStatus.ALREADY: CallProgress.ALREADY,
        CallStatus.FAILED: CallProgress.UNDO_FAILED if undoing else CallProgress.FAILED,
        CallStatus.VERIFIED: row.state.progress,
        CallStatus.UNVERIFIED: row.state.progress,
    }[outcome.status]
    failure = outcome.failure if outcome.status is CallStatus.FAILED else None
    state = replace(
        row.state,
        progress=progress,
        code=failure.code if failure else "",
        message=failure.message if failure else "",
        request_id=outcome.request_id,
    )
    says_more = outcome.status in (CallStatus.WAITING, CallStatus.FAILED) or outcome.sentence != row.call.why
    return replace(
        row,
        state=state,
        running=outcome.status in (CallStatus.STARTED, CallStatus.WAITING),
        again=outcome.sentence if outcome.status is CallStatus.WAITING else "",
        sentence=outcome.sentence if says_more else "",
    )
