"""The journal of a plan that is carried out: one file of JSON lines, written before and after every call.

Each line is flushed to disk before the next step. After a killed process, a lost terminal or a power cut, the file
therefore lists the calls that were made. At most one call is recorded as started with an unknown outcome. The file
contains no secrets: parameters of IAM's calls, the outcome, AWS's message and request ID. Its mode is 0600.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from iam.changes.plan import Plan, PlanError, plan_from_value, plan_to_value

_LARGEST = 16 * 1024 * 1024
_SUFFIX = ".jsonl"
_VERSION = 1


class CallProgress(StrEnum):
    """The progress of one call of a plan.

    ``STARTED``: begun, outcome unknown. ``ALREADY``: its effect existed before, so undoing the plan does not remove the
    effect. ``UNDO_STARTED``, ``UNDONE`` and ``UNDO_FAILED`` describe the call's undo.
    """

    WAITING = "waiting"
    STARTED = "started"
    DONE = "done"
    ALREADY = "already"
    FAILED = "failed"
    UNDO_STARTED = "undo-started"
    UNDONE = "undone"
    UNDO_FAILED = "undo-failed"


class End(StrEnum):
    """How a plan ended. If a plan has no end, it is unfinished."""

    APPLIED = "applied"
    ROLLED_BACK = "rolled-back"
    LEFT = "left"  # somebody decided not to continue or undo it


class JournalError(Exception):
    """Raised if a journal cannot be written, read or reopened. ``str()`` is one sentence."""


class JournalInUse(JournalError):
    """Raised if the plan is currently being carried out or rolled back."""


@dataclass(frozen=True, slots=True)
class CallState:
    """The state of one call according to its journal.

    ``before`` is the state that was found before the call (`iam.changes.operations.effects.State`), ``answer`` the
    recorded values of its response, ``code`` and ``message`` AWS's error. ``ended`` is the time when the call or its
    undo returned; ``done`` is the time when the call itself succeeded.
    """

    progress: CallProgress = CallProgress.WAITING
    before: str = ""
    answer: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    message: str = ""
    request_id: str = ""
    ended: datetime | None = None
    done: datetime | None = None


@dataclass(frozen=True, slots=True)
class JournalRecord:
    """The content of a journal.

    ``source`` is ``aws`` or ``demo``; ``process`` is the ID of the process that started the plan. ``until`` is when a
    temporary plan is undone unless it is ``kept``; None for other plans. ``undo_profile`` is the profile whose
    credentials undo it, or "" for the caller's.
    """

    path: Path
    plan: Plan
    states: tuple[CallState, ...]
    end: End | None
    source: str
    caller: str
    started: datetime
    process: int
    until: datetime | None = None
    undo_profile: str = ""
    kept: bool = False

    @property
    def answers(self) -> dict[int, Mapping[str, str]]:
        return {index: state.answer for index, state in enumerate(self.states) if state.answer}

    @property
    def unfinished(self) -> bool:
        return self.end is None or self.roll_back_pending

    @property
    def roll_back_pending(self) -> bool:
        """Whether a temporary plan was carried out, at least in part, and is neither kept nor undone yet."""
        made = self.end is End.APPLIED or (self.end is None and self.touched)
        return self.until is not None and not self.kept and made

    @property
    def half_done(self) -> bool:
        """Whether the plan is unfinished, and at least one of its calls succeeded or may have succeeded."""
        return self.unfinished and self.touched

    @property
    def touched(self) -> bool:
        """Whether at least one call succeeded, or was started and its outcome is unknown."""
        untouched = (CallProgress.WAITING, CallProgress.ALREADY, CallProgress.FAILED)
        return any(state.progress not in untouched for state in self.states)

    @property
    def ended(self) -> datetime | None:
        """When the last call returned, or None if no call did."""
        return max((state.ended for state in self.states if state.ended is not None), default=None)

    @property
    def rolling_back(self) -> bool:
        """Whether undoing the plan has begun."""
        return any(state.progress in _UNDOING for state in self.states)

    @property
    def sentence(self) -> str:
        """Return the state of the plan in one sentence."""
        return self.sentence_at(lambda moment: moment)

    def sentence_at(self, shown: Callable[[datetime], datetime]) -> str:
        """Return the state of the plan in one sentence.

        ``shown`` converts a time on this machine's clock into the time to show.
        """
        made = sum(state.progress in (CallProgress.DONE, CallProgress.ALREADY) for state in self.states)
        total = len(self.plan.calls)
        words = {
            End.APPLIED: f"done: {total} of {total} calls",
            End.ROLLED_BACK: "rolled back",
            End.LEFT: f"left after {made} of {total} calls",
        }
        if self.until is not None and self.roll_back_pending and not self.rolling_back:
            unsure = sum(state.progress is CallProgress.STARTED for state in self.states)
            unknown = f" (the outcome of {unsure} is unknown)" if unsure else ""
            what = "it was" if self.end is End.APPLIED else f"{made} of {total} calls{unknown} were"
            by = f" (undo with profile {self.undo_profile})" if self.undo_profile else ""
            return (
                f"roll back pending: {what} made until {shown(self.until):%Y-%m-%d %H:%M:%S} UTC, unless the change is "
                f"kept{by}"
            )
        if self.end is not None:
            return words[self.end]
        if self.rolling_back:
            return "stopped during the roll-back"
        return f"stopped after {made} of {total} calls"


_UNDOING = (CallProgress.UNDO_STARTED, CallProgress.UNDONE, CallProgress.UNDO_FAILED)


def journal_directory() -> Path:
    """Return ``rolescope/journal`` in the user's state directory (XDG_STATE_HOME)."""
    from platformdirs import user_state_path

    return user_state_path("rolescope") / "journal"


def journal_path(plan_id: str, directory: Path | None = None) -> Path:
    """Return the path of a plan's journal, which may not exist yet."""
    return (directory or journal_directory()) / f"{plan_id}{_SUFFIX}"


def why_not_writable(directory: Path | None = None) -> str:
    """Return a sentence if no journal can be written and therefore no change can be made; else ""."""
    where = directory or journal_directory()
    there = next((each for each in (where, *where.parents) if each.exists()), where)
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return ""
    return f"The journal folder {where} cannot be written, and every change needs a journal: set XDG_STATE_HOME."


class Journal:
    """An open journal. It is locked, so that only this process can write it until it is closed."""

    def __init__(self, path: Path, file: IO[str]) -> None:
        self.path = path
        self._file = file

    @classmethod
    def create(cls, plan: Plan, *, source: str, caller: str, directory: Path | None = None) -> Journal:
        """Create a journal with the plan as its first line.

        Raises `JournalError` if the journal cannot be written; no call may be made then.
        """
        where = directory or journal_directory()
        path = journal_path(plan.id, where)
        try:
            if not where.is_dir():
                where.mkdir(mode=0o700, parents=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        except OSError as error:
            if path.exists():
                text = f"The plan {plan.id} has been carried out before: resume it from {path}."
                raise JournalError(text) from None
            raise JournalError(f"The journal {path} cannot be written ({error.strerror}): no call was made.") from error
        journal = cls(path, os.fdopen(descriptor, "a", encoding="utf-8"))
        _lock(journal._file, path)
        header = {"record": "plan", "version": _VERSION, "plan": plan_to_value(plan), "source": source}
        try:
            journal.write({**header, "caller": caller, "process": os.getpid()})
        except JournalError as error:
            # A journal with an incomplete first line is useless, and would be reported as damaged forever.
            journal.close()
            path.unlink()
            raise JournalError(f"{error} No call was made.") from error
        _sync_directory(where)
        return journal

    @classmethod
    def reopen(cls, path: Path) -> Journal:
        """Reopen a journal to append to it.

        Raises `JournalError` if another process has the journal open, or if it cannot be written.
        """
        try:
            file = path.open("r+", encoding="utf-8")
        except OSError as error:
            raise JournalError(f"The journal {path} cannot be opened: {error.strerror}.") from error
        _lock(file, path)
        _cut_torn_line(path, file)
        return cls(path, file)

    def write(self, record: Mapping[str, Any]) -> None:
        """Write one line and flush it to disk before returning. Raises `JournalError` if that fails."""
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        try:
            self._file.write(json.dumps({**record, "time": moment}, ensure_ascii=True) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise JournalError(f"The journal {self.path} cannot be written: {why}.") from error

    def started(self, index: int, before: str, *, undo: bool = False) -> None:
        self.write({"record": "start", "call": index, "undo": undo, "before": before})

    def ended(
        self,
        index: int,
        progress: CallProgress,
        *,
        answer: Mapping[str, str] | None = None,
        code: str = "",
        message: str = "",
        request_id: str = "",
    ) -> None:
        end = {"code": code, "message": message[:1000], "request_id": request_id, "answer": dict(answer or {})}
        self.write({"record": "end", "call": index, "progress": progress.value, **{k: v for k, v in end.items() if v}})

    def timed(self, until: datetime, undo_profile: str) -> None:
        """Record that the calls made so far will be undone at ``until``, unless the change is kept."""
        self.write({"record": "timed", "until": until.isoformat(), "profile": undo_profile})

    def kept(self) -> None:
        """Record that a temporary plan is kept, so that it will not be undone."""
        self.write({"record": "kept"})

    def close(self, end: End | None = None) -> None:
        """Close the file. With ``end``, also record how the plan ended."""
        if self._file.closed:
            return
        try:
            if end is not None:
                self.write({"record": "close", "end": end.value})
        finally:
            # Closing writes unwritten data again. Its failure was already reported at the first attempt.
            with contextlib.suppress(OSError):
                self._file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _lock(file: IO[str], path: Path) -> None:
    """Lock the file. The lock is released when the process ends, even if it is killed."""
    try:
        import fcntl
    except ImportError:  # Windows: there is no other way to share a terminal's account there
        return
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise JournalInUse(
            f"Another rolescope process is carrying out this plan ({path}): wait until it is done."
        ) from error


def _cut_torn_line(path: Path, file: IO[str]) -> None:
    """Remove an incomplete last line, and seek to the end."""
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        file.truncate(whole)
    file.seek(0, os.SEEK_END)


def _sync_directory(directory: Path) -> None:
    with contextlib.suppress(OSError):  # not every file system can sync a directory
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read_journal(path: Path) -> JournalRecord:
    """Read a journal, ignoring an incomplete last line. Raises `JournalError`."""
    try:
        if path.stat().st_size > _LARGEST:
            raise JournalError(f"The journal {path} is larger than {_LARGEST // 2**20} MB: it is not a journal.")
        content = path.read_bytes()
    except OSError as error:
        raise JournalError(f"The journal {path} cannot be read: {error.strerror}.") from error
    whole = content[: content.rfind(b"\n") + 1].decode("utf-8", "replace").splitlines()
    try:
        lines = [json.loads(line) for line in whole]
        header = lines[0]
        plan = plan_from_value(header["plan"])
        states = [CallState() for _ in plan.calls]
        end: End | None = None
        until: datetime | None = None
        profile, kept = "", False
        for line in lines[1:]:
            if line["record"] == "close":
                end = End(line["end"])
            elif line["record"] == "timed":
                until, profile = datetime.fromisoformat(line["until"]), str(line.get("profile", ""))
            elif line["record"] == "kept":
                kept = True
            else:
                states[line["call"]] = _after(states[line["call"]], line)
                end = None  # the plan was resumed
        return JournalRecord(
            path=path,
            plan=plan,
            states=tuple(states),
            end=end,
            source=str(header["source"]),
            caller=str(header.get("caller", "")),
            started=datetime.fromisoformat(header["time"]),
            process=int(header.get("process", 0)),
            until=until,
            undo_profile=profile,
            kept=kept,
        )
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise JournalError(f"{path} is not a journal of rolescope, or is damaged: {_words(error)}.") from error


def _words(error: Exception) -> str:
    return str(error).rstrip(".") if isinstance(error, PlanError) else f"{type(error).__name__} {error}"


def _after(state: CallState, line: Mapping[str, Any]) -> CallState:
    if line["record"] == "start":
        progress = CallProgress.UNDO_STARTED if line.get("undo") else CallProgress.STARTED
        return CallState(progress, before=str(line.get("before", "")), answer=state.answer, done=state.done)
    progress = CallProgress(line["progress"])
    ended = datetime.fromisoformat(line["time"]) if "time" in line else None
    return CallState(
        progress=progress,
        before=state.before,
        answer={**state.answer, **line.get("answer", {})},
        code=str(line.get("code", "")),
        message=str(line.get("message", "")),
        request_id=str(line.get("request_id", "")),
        ended=ended,
        done=ended if progress is CallProgress.DONE else state.done,
    )


def journals(directory: Path | None = None, since: datetime | None = None) -> Iterator[JournalRecord]:
    """Yield every readable journal, the latest first.

    With ``since``, only journals that were written to after that time. `damaged` returns the unreadable ones.
    """
    for path in _paths(directory):
        with contextlib.suppress(JournalError, OSError):
            if since is None or path.stat().st_mtime >= since.timestamp():
                yield read_journal(path)


def damaged(directory: Path | None = None) -> Iterator[tuple[Path, str]]:
    """Yield every journal that cannot be read, with a sentence that says why."""
    for path in _paths(directory):
        try:
            read_journal(path)
        except JournalError as error:
            yield path, str(error)


def in_use(path: Path) -> bool:
    """Whether this or another process is currently carrying out the plan or rolling it back."""
    try:
        Journal.reopen(path).close()
    except JournalInUse:
        return True
    except JournalError:
        pass  # then no other process can be writing it
    return False


def _paths(directory: Path | None) -> list[Path]:
    where = directory or journal_directory()
    try:
        return sorted(where.glob(f"*{_SUFFIX}"), reverse=True)
    except OSError:
        return []


def unfinished(account_id: str, source: str, directory: Path | None = None) -> tuple[JournalRecord, ...]:
    """Return the unfinished plans of this account.

    Plans of a demo account count only in the process that started them.
    """
    return tuple(
        record
        for record in journals(directory)
        if record.unfinished
        and record.plan.account_id == account_id
        and record.source == source
        and (source != "demo" or record.process == os.getpid())
    )
