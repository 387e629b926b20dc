"""Apply a plan, resume it, or roll it back. Nothing else in the project calls a write API.

Before each call, the current state is checked and the journal records that the call begins; afterwards the journal
records the result. If a call was started and its outcome is unknown, the state in AWS is checked first, so that nothing
is done twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from iam.arn import Arn
from iam.changes.entity_effects import besides, changed_since
from iam.changes.failures import Failure, failure_of, is_not_yet, may_be_shown_later, means_done
from iam.changes.in_use import may_take_rights
from iam.changes.journal import CallProgress, CallState, End, Journal, JournalError, JournalRecord, read_journal
from iam.changes.operations.effects import TAGGING, Once, Seen, State, look, tags_changed_since
from iam.changes.plan import Call, Plan, PlanError, api_parameters, at_moment, kept_answer, moment_after, resolve
from iam.gate.passed import Passed
from iam.sources.reader.account_reader import AccountReader

DELAYS = (1, 2, 4, *11 * (8,))
"""The delays in seconds between attempts while AWS does not yet know about an earlier change.

IAM's changes take seconds to become visible, seldom more than a minute.
"""


SETTLING = 3
"""The number of retry delays to wait before reporting a difference that no call of the plan caused."""


TAKES_FOR = timedelta(minutes=30)
"""How long after its creation a plan that removes something can be carried out."""


@dataclass(frozen=True, slots=True)
class WayBack:
    """How a temporary change is undone unless the operator keeps it within ``keep_within``.

    ``profile`` names the credentials that undo it, or "" for the caller's own.
    """

    keep_within: timedelta
    profile: str = ""


class NotWritable(Exception):
    """Raised if changes are not allowed in this account or run. ``str()`` is one sentence that says what to do."""


class CallStatus(StrEnum):
    """The status of a call. ``STARTED`` and ``WAITING`` are followed by another status of the same call."""

    STARTED = "started"
    WAITING = "waiting"  # AWS says "not yet": the call will be repeated
    DONE = "done"
    ALREADY = "already"  # the effect existed before, so no call was made
    FAILED = "failed"
    VERIFIED = "verified"  # at the end: everything was read back, and every effect exists
    UNVERIFIED = "unverified"  # at the end: every call was made, but something could not be read back


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """An event in carrying out one call of a plan, with a ``sentence`` for the user.

    ``failure`` is set for ``FAILED``; pass its ``text`` to the diagnosis. ``undoing``: ``call`` is the undo of another
    call, and ``index`` is the position of the call that is undone. For ``VERIFIED``, ``UNVERIFIED`` and a failed
    verification, ``index`` is the number of calls, and ``call`` is the last call, or the call that could not be
    verified.
    """

    index: int
    call: Call
    status: CallStatus
    sentence: str
    failure: Failure | None = None
    request_id: str = ""
    undoing: bool = False


@dataclass(frozen=True, slots=True)
class Writer:
    """The connection for write calls. It is the reader's own connection, so these calls are in the reader's log too.

    ``client`` is the IAM client; ``regional`` returns the client of another service in a Region. ``sleep`` waits
    between attempts. ``without_secrets`` removes secrets from AWS's messages, which may quote request parameters,
    before they are written to the journal.
    """

    client: Any
    sleep: Callable[[float], None] = time.sleep
    delays: tuple[float, ...] = DELAYS
    regional: Callable[[str, str], Any] | None = None
    without_secrets: Callable[[str], str] = str

    def client_for(self, call: Call) -> Any:
        arn = Arn.parse(call.target)
        if call.service == "iam" or self.regional is None or arn is None:
            return self.client
        return self.regional(call.service, arn.region)


def writer_for(
    reader: AccountReader,
    *,
    writable: bool,
    sleep: Callable[[float], None] = time.sleep,
    without_secrets: Callable[[str], str] = str,
) -> Writer:
    """Return a writer for the account that the reader reads.

    Raises `NotWritable` unless the account may be changed: the demo always, AWS only if ``writable``.
    """
    if reader.kind == "snapshot":
        raise NotWritable("A snapshot is a file and cannot be changed: export the plan, or open the account itself.")
    if reader.kind != "demo" and not writable:
        raise NotWritable(
            "This run is read-only: start rolescope with --write to make the change, or export it as commands."
        )
    connection = getattr(reader, "aws", None)
    if connection is None:
        raise NotWritable("This account can only be read.")
    return Writer(connection.client("iam"), sleep, regional=connection.client, without_secrets=without_secrets)


def apply(
    passed: Passed,
    reader: AccountReader,
    *,
    writable: bool,
    directory: Path | None = None,
    writer: Writer | None = None,
    way_back: WayBack | None = None,
) -> Iterator[CallOutcome]:
    """Carry out a plan that passed the gate, call by call, and verify it.

    Stops at the first call that fails. The last outcome then contains the ``failure``, and `resume` or `roll_back` can
    continue from there.

    ``writable`` says whether the account may be changed (the demo always may). With a ``way_back``, the time at which
    the change ends is recorded in the journal before the first call, and `iam.changes.timed` undoes the change at that
    time.

    Raises `NotWritable` or `JournalError`. Raises `PlanError`, without making a call, if there is nothing to do, if
    others have changed the same entities since, or if the plan removes something and is too old.
    """
    plan = passed.plan
    ready = writer or writer_for(reader, writable=writable)
    if not plan.calls:
        raise PlanError("There is nothing to do: the plan has no calls.")
    caller = reader.caller()
    if caller.value is not None and plan.account_id and caller.value.account != plan.account_id:
        raise NotWritable(
            f"The plan is for account {plan.account_id}, but these credentials belong to {caller.value.account}: open "
            "the right account."
        )
    who = caller.value.arn if caller.value else ""
    _refuse_if_old(plan)
    _refuse_if_changed(plan, reader, ready)
    plan = at_moment(plan, moment_after(reader.clock()))
    journal = Journal.create(plan, source=reader.kind, caller=who, directory=directory)
    run = _Run(plan, [CallState() for _ in plan.calls], journal, reader, ready, way_back)
    try:
        run.note_way_back()
    except JournalError:
        journal.close()
        raise
    return run.forward()


def _refuse_if_old(plan: Plan) -> None:
    """Raise `PlanError` for a plan that removes something and is too old.

    The plan's effects, and the use of what it removes, were checked when the plan was made. A plan made in the future
    also counts as too old, because the clock may have been changed.
    """
    named = plan.type_name is not None and not plan.opens
    takes = named or plan.effects.lost or any(map(may_take_rights, plan.calls))
    if takes and plan.made is not None and abs(datetime.now(UTC) - plan.made) > TAKES_FOR:
        raise PlanError(
            f"This plan removes something whose use was last checked at {plan.made:%Y-%m-%d %H:%M} UTC: make the plan "
            "again."
        )


def _refuse_if_changed(plan: Plan, reader: AccountReader, writer: Writer) -> None:
    """Raise `PlanError` if others changed the entities of the plan.

    If a difference is found, the entities are read again a little later: AWS may not show the latest changes yet.
    """
    for delay in (*writer.delays[:SETTLING], None):
        difference = changed_since(plan, Once(reader))
        if not difference:
            return
        if delay is None:
            raise PlanError(difference)
        writer.sleep(delay)


def resume(
    path: Path, passed: Passed, reader: AccountReader, *, writable: bool, writer: Writer | None = None
) -> Iterator[CallOutcome]:
    """Resume an unfinished plan.

    A call with an unknown outcome is checked in AWS first. Failed calls are made again; calls that succeeded are not.
    Raises `NotWritable`, `JournalError`, and, if no call was made yet, `PlanError` as `apply` does.
    """
    record = read_journal(path)
    if record.until is not None and record.roll_back_pending:
        raise PlanError(
            f"The plan {record.plan.id} is temporary, and its roll-back is pending: keep the change, or roll "
            "back the plan."
        )
    run = _reopened(path, passed, reader, writable, writer)
    try:
        if all(state.progress in (CallProgress.WAITING, CallProgress.FAILED) for state in run.states):
            _refuse_if_old(run.plan)
            _refuse_if_changed(run.plan, reader, run.writer)
    except BaseException:
        run.journal.close()
        raise
    return run.forward()


def roll_back(
    path: Path,
    passed: Passed,
    reader: AccountReader,
    *,
    writable: bool,
    writer: Writer | None = None,
    overwrite: bool = False,
) -> Iterator[CallOutcome]:
    """Undo, in reverse order, what a plan changed. What was already in place before the plan stays.

    Stops if somebody has changed what the plan wrote, unless ``overwrite`` allows that change to be lost. Raises the
    same errors as `resume`.
    """
    return _reopened(path, passed, reader, writable, writer).backward(overwrite)


def keep(path: Path) -> None:
    """Make a temporary change permanent, even if it stopped before all its calls were made.

    Raises `JournalError`, also if the change was already undone.
    """
    with Journal.reopen(path) as journal:
        record = read_journal(path)
        if record.until is None:
            raise JournalError(f"“{record.plan.title}” is not temporary: nothing undoes it automatically.")
        if (not record.kept and not record.roll_back_pending) or record.rolling_back:
            raise JournalError(f"“{record.plan.title}” is {record.sentence}: the change can no longer be kept.")
        journal.kept()
        if record.end is None:
            journal.close(End.LEFT)


def leave(path: Path) -> None:
    """Record that an unfinished plan will be neither continued nor undone. Raises `JournalError`."""
    Journal.reopen(path).close(End.LEFT)


def _reopened(path: Path, passed: Passed, reader: AccountReader, writable: bool, writer: Writer | None) -> _Run:
    ready = writer or writer_for(reader, writable=writable)
    caller = reader.caller()
    journal = Journal.reopen(path)
    try:
        record = read_journal(path)
        if passed.plan.id != record.plan.id:
            raise PlanError(f"The check was passed for another plan: {passed.plan.title}.")
        if caller.value is not None and record.plan.account_id not in ("", caller.value.account):
            raise NotWritable(
                f"The plan is for account {record.plan.account_id}, but these credentials belong to "
                f"{caller.value.account}: open the right account."
            )
    except BaseException:
        journal.close()
        raise
    return _Run(record.plan, list(record.states), journal, reader, ready)


class _Run:
    def __init__(
        self,
        plan: Plan,
        states: list[CallState],
        journal: Journal,
        reader: AccountReader,
        writer: Writer,
        way_back: WayBack | None = None,
    ) -> None:
        self.way_back = way_back
        self.plan = plan
        self.states = states
        self.journal = journal
        self.reader = reader
        self.writer = writer

    @property
    def answers(self) -> Mapping[int, Mapping[str, str]]:
        return {index: state.answer for index, state in enumerate(self.states) if state.answer}

    def _resolved(self, index: int) -> Call:
        """Return the call with the values that other calls returned.

        If the undo of the call saved a policy version again, that version has a new number from AWS. Raises
        `PlanError`.
        """
        call = resolve(self.plan.calls[index], self.answers)
        saved = self.states[index].answer.get("PolicyVersion.VersionId")
        if call.operation == "DeletePolicyVersion" and saved is not None:
            return replace(call, parameters={**call.parameters, "VersionId": saved})
        return call

    # Forward.

    def forward(self) -> Iterator[CallOutcome]:
        with self.journal:
            if any(state.progress in _UNDOING for state in self.states):
                self.states = [_to_do_again(state) for state in self.states]
            for index, call in enumerate(self.plan.calls):
                if self.states[index].progress in (CallProgress.DONE, CallProgress.ALREADY):
                    continue
                for outcome in self._do(index, call):
                    yield outcome
                    if outcome.status is CallStatus.FAILED:
                        return
            for outcome in self._verify():
                yield outcome
                if outcome.status is CallStatus.FAILED:
                    return
            self.note_way_back()  # the time limit starts now
            self.journal.close(End.APPLIED)

    def note_way_back(self) -> None:
        """Record in the journal when a temporary change will be undone. Raises `JournalError`."""
        if self.way_back is not None:
            self.journal.timed(datetime.now(UTC) + self.way_back.keep_within, self.way_back.profile)

    def _do(self, index: int, planned: Call) -> Iterator[CallOutcome]:
        try:
            call = self._resolved(index)
        except PlanError as error:
            yield self._fail(index, planned, Failure("", str(error), str(error), ""), CallProgress.FAILED)
            return
        state = self.states[index]
        lost = state.progress is CallProgress.STARTED
        seen = look(call, self.reader)
        if seen.state is State.DONE:
            yield self._settled(index, call, seen, ours=lost and state.before in _NOT_THERE)
            return
        if seen.state is State.OTHER and lost and state.before == State.NOT_DONE:
            failure = Failure("EntityAlreadyExists", seen.what, f"{seen.what} Somebody else may have created it.", "")
            yield self._fail(index, call, failure, CallProgress.FAILED)
            return
        self.states[index] = CallState(CallProgress.STARTED, before=seen.state.value, answer=state.answer)
        self.journal.started(index, seen.state.value)
        yield CallOutcome(index, call, CallStatus.STARTED, call.why)
        yield from self._make(index, call, undoing=False, unsure=lost or seen.state is State.UNKNOWN)

    def _settled(self, index: int, call: Call, seen: Seen, *, ours: bool) -> CallOutcome:
        """Record that the call's effect already exists.

        ``ours``: the call itself caused the effect before an interruption; otherwise the effect existed before the
        plan.
        """
        progress = CallProgress.DONE if ours else CallProgress.ALREADY
        merged_answer = {**self.states[index].answer, **seen.answer}
        self.states[index] = CallState(progress, before=seen.state.value, answer=merged_answer)
        self.journal.ended(index, progress, answer=seen.answer)
        if ours:
            return CallOutcome(index, call, CallStatus.DONE, f"{call.why} Already done before the interruption.")
        return CallOutcome(index, call, CallStatus.ALREADY, f"{call.why} Nothing to do: already done.")

    def _make(self, index: int, call: Call, *, undoing: bool, unsure: bool) -> Iterator[CallOutcome]:
        """Make the call, and repeat it while AWS responds that an earlier change is not visible yet."""
        delays = iter(self.writer.delays)
        done, failed = (
            (CallProgress.UNDONE, CallProgress.UNDO_FAILED) if undoing else (CallProgress.DONE, CallProgress.FAILED)
        )
        while True:
            answer, error = self._send(call)
            if error is None:
                request_id = str((answer.get("ResponseMetadata") or {}).get("RequestId") or "")
                kept = kept_answer(answer)
                self.states[index] = replace(
                    self.states[index], progress=done, answer={**self.states[index].answer, **kept}
                )
                made = CallOutcome(index, call, CallStatus.DONE, call.why, request_id=request_id, undoing=undoing)
                yield from self._kept(made, done, answer=kept, request_id=request_id)
                return
            failure = failure_of(call, error)
            if means_done(call, failure) or ((unsure or failure.repeated) and self._is_there(call)):
                seen = look(call, self.reader) if not undoing else Seen(State.DONE)
                self.states[index] = replace(
                    self.states[index], progress=done, answer={**self.states[index].answer, **seen.answer}
                )
                found = CallOutcome(index, call, CallStatus.DONE, f"{call.why} Already done.", undoing=undoing)
                message = self.writer.without_secrets(failure.message)
                yield from self._kept(found, done, answer=seen.answer, code=failure.code, message=message)
                return
            hidden = unsure and may_be_shown_later(failure) and look(call, self.reader).state is State.NOT_DONE
            again = hidden or is_not_yet(call, failure, self.plan, self.reader)
            delay = next(delays, None) if again else None
            if delay is None:
                yield self._fail(index, call, failure, failed, undoing=undoing)
                return
            yield CallOutcome(
                index,
                call,
                CallStatus.WAITING,
                f"{failure.waiting} Trying again in {delay} s.",
                failure,
                undoing=undoing,
            )
            self.writer.sleep(delay)

    def _kept(self, outcome: CallOutcome, progress: CallProgress, **merged_answer: Any) -> Iterator[CallOutcome]:
        """Record a call that succeeded, and yield its outcome even if the journal cannot be written.

        In that case `JournalError` is raised after the outcome.
        """
        failed: JournalError | None = None
        try:
            self.journal.ended(outcome.index, progress, **merged_answer)
        except JournalError as error:
            failed = error
        yield outcome
        if failed is not None:
            raise failed

    def _send(self, call: Call) -> tuple[Mapping[str, Any], BaseException | None]:
        from botocore import xform_name

        from iam.sources.aws.session import FAILURES

        try:
            answer = getattr(self.writer.client_for(call), xform_name(call.operation))(**api_parameters(call))
        except FAILURES as error:
            return {}, error
        return answer, None

    def _is_there(self, call: Call) -> bool:
        return look(call, self.reader).state is State.DONE

    def _fail(
        self, index: int, call: Call, failure: Failure, progress: CallProgress, *, undoing: bool = False
    ) -> CallOutcome:
        if failure.unknown:
            # It is unknown whether the call was carried out: whoever continues must check that.
            progress = CallProgress.UNDO_STARTED if undoing else CallProgress.STARTED
        self.states[index] = replace(self.states[index], progress=progress, code=failure.code, message=failure.message)
        message = self.writer.without_secrets(failure.message)
        self.journal.ended(index, progress, code=failure.code, message=message)
        return CallOutcome(index, call, CallStatus.FAILED, failure.sentence, failure, undoing=undoing)

    def _verify(self) -> Iterator[CallOutcome]:
        """Read back what the plan changed.

        An effect counts as a failure only if it is certainly missing, and as verified only if it was certainly seen.
        """
        calls = [self._resolved(index) for index in range(len(self.plan.calls))]
        last = calls[-1]
        for tries, delay in enumerate((*self.writer.delays, None)):
            now = Once(self.reader)
            looks = [(call, look(call, now)) for call in calls]
            missing = [call for call, seen in looks if seen.state in (State.NOT_DONE, State.OTHER)]
            others = besides(self.plan, calls, now)
            if not missing and (not others or delay is None or tries >= SETTLING):
                yield self._read_back([(call, seen) for call, seen in looks if seen.state is State.UNKNOWN], others)
                return
            shown = missing[0] if missing else last
            text = f"AWS does not show this change yet: {shown.why}" if missing else others
            if delay is None:
                failure = Failure("", text, f"{text} Read the entity again, then resume.", "")
                yield CallOutcome(len(calls), shown, CallStatus.FAILED, failure.sentence, failure)
                return
            yield CallOutcome(len(calls), shown, CallStatus.WAITING, f"{text} Reading again in {delay} s.")
            self.writer.sleep(delay)

    def _read_back(self, unseen: list[tuple[Call, Seen]], others: str) -> CallOutcome:
        """Return the final outcome of a plan if none of its effects is missing.

        ``unseen`` lists the calls that could not be checked; ``others`` describes other differences.
        """
        count, last = len(self.plan.calls), self.plan.calls[-1]
        if not unseen:
            said = f"the effect of every call was found. {others}" if others else "everything is as planned."
            return CallOutcome(count, last, CallStatus.VERIFIED, f"Read back from AWS: {said}")
        call, seen = unseen[0]
        which = "its effect" if count == 1 else f"the effect of {len(unseen)} of them"
        text = f"Every call was made, but {which} could not be read back: {call.why} {seen.what} {others}"
        return CallOutcome(count, call, CallStatus.UNVERIFIED, text.strip())

    def _changed_since(self, planned: Call) -> bool:
        """Whether a value that the call wrote was changed since, so that undoing the call would lose that change."""
        if planned.operation in TAGGING:
            return tags_changed_since(planned, self.reader)
        if not planned.operation.startswith(("Put", "Update", "Set")):
            return False
        return look(resolve(planned, self.answers), self.reader).state is State.NOT_DONE

    # Backward.

    def backward(self, overwrite: bool = False) -> Iterator[CallOutcome]:
        with self.journal:
            for index in reversed(range(len(self.plan.calls))):
                for outcome in self._undo(index, self.plan.calls[index], overwrite):
                    yield outcome
                    if outcome.status is CallStatus.FAILED:
                        return
            self.journal.close(End.ROLLED_BACK)

    def _undo(self, index: int, planned: Call, overwrite: bool) -> Iterator[CallOutcome]:
        state = self.states[index]
        if state.progress in (CallProgress.WAITING, CallProgress.ALREADY, CallProgress.FAILED, CallProgress.UNDONE):
            return
        if state.progress is CallProgress.STARTED:
            if state.before in (State.DONE, State.OTHER):
                return
            seen = look(self._resolved(index), self.reader)
            if seen.state is State.NOT_DONE:
                return
            if seen.state is not State.DONE:
                text = f"It is unknown whether this was done: {planned.why} {seen.what}"
                failure = Failure("", text, f"{text} Check {planned.target} before you continue.", "")
                yield CallOutcome(index, planned, CallStatus.FAILED, failure.sentence, failure, undoing=True)
                return
            self.states[index] = replace(state, answer={**state.answer, **seen.answer})
        if planned.undo is None:
            text = f"This cannot be undone: {planned.why} {planned.undo_note}"
            yield self._fail(index, planned, Failure("", text, text, ""), CallProgress.UNDO_FAILED, undoing=True)
            return
        try:
            call = resolve(planned.undo, self.answers)
        except PlanError as error:
            failure = Failure("", str(error), str(error), "")
            yield self._fail(index, planned.undo, failure, CallProgress.UNDO_FAILED, undoing=True)
            return
        seen = look(call, self.reader)
        if seen.state is State.NOT_DONE and not overwrite and self._changed_since(planned):
            text = f"Somebody has changed this since: {planned.why}"
            failure = Failure(
                "", text, f"{text} Undoing this call would overwrite that change; check that change first.", ""
            )
            yield CallOutcome(index, call, CallStatus.FAILED, failure.sentence, failure, undoing=True)
            return
        self.states[index] = replace(self.states[index], progress=CallProgress.UNDO_STARTED)
        self.journal.started(index, seen.state.value, undo=True)
        yield CallOutcome(index, call, CallStatus.STARTED, call.why, undoing=True)
        if seen.state is State.DONE:
            merged_answer = {**self.states[index].answer, **seen.answer}
            self.states[index] = replace(self.states[index], progress=CallProgress.UNDONE, answer=merged_answer)
            self.journal.ended(index, CallProgress.UNDONE, answer=seen.answer)
            yield CallOutcome(index, call, CallStatus.DONE, f"{call.why} Already done.", undoing=True)
            return
        yield from self._make(index, call, undoing=True, unsure=True)


_UNDOING = (CallProgress.UNDO_STARTED, CallProgress.UNDONE, CallProgress.UNDO_FAILED)
_NOT_THERE = (State.NOT_DONE, State.OTHER)


def _to_do_again(state: CallState) -> CallState:
    """Return the state of a call before the plan is run again; a call that was undone is made again.

    If it is unknown whether the call was undone, its effect is checked first.
    """
    if state.progress is CallProgress.UNDONE:
        return CallState(answer=state.answer)
    if state.progress in _UNDOING:
        return CallState(CallProgress.STARTED, before=State.NOT_DONE.value, answer=state.answer)
    return state


__all__ = [
    "CallOutcome",
    "CallStatus",
    "JournalError",
    "JournalRecord",
    "NotWritable",
    "Writer",
    "apply",
    "leave",
    "resume",
    "roll_back",
    "writer_for",
]
