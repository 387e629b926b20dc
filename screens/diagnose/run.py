"""Run a diagnosis outside of the event loop: the worker's input, and the messages that it posts.

Every message contains the number of its run, so that late messages from a stopped run can be ignored.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from textual.message import Message

from diagnostics.diagnose import diagnose, diagnose_offline, read_text
from diagnostics.diagnosis import CaseFile, Diagnosis, FirstLook, LookState, Part, RequestFacts, Step, Verdict
from diagnostics.failure import Failure, OtherFailure
from diagnostics.fix import Fix
from diagnostics.past_changes import OwnChange
from diagnostics.text.causes.confirm_or_rule_out import weighed
from diagnostics.text.causes.find_causes import first_look
from diagnostics.text.read.command_outputs import is_answer
from diagnostics.text.tokens.find import taken_out
from diagnostics.view import view_of
from iam.account import Account
from iam.claims import Ground, confidence
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.source_error import SourceError

LOG = logging.getLogger(__name__)
Context = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Job:
    """The input of a run.

    ``account`` and ``reader`` are None if no account is open: then only the text is explained.
    """

    number: int
    failure: Failure
    account: Account | None
    reader: AccountReader | None
    context: Context
    role: str | None = None
    change: OwnChange | None = None


@dataclass
class Run:
    """The results that a run has found so far. Only the screen's message handlers change it."""

    number: int
    failure: Failure
    context: Context
    """The operator's answers, by condition key."""
    started: datetime
    asked: str = ""
    """The text, or the form's answers, that the failure was read from."""
    offline: bool = False
    read_at: int = 0
    """The number of the latest write that was visible in the account when this run started (see `RunWrites`)."""
    steps: list[Step] = field(default_factory=list)
    verdict: Verdict | None = None
    fixes: list[Fix] = field(default_factory=list)
    looks: tuple[FirstLook, ...] = ()
    """The common causes, and what the steps so far show about each."""
    case_file: CaseFile | None = None
    facts: RequestFacts | None = None
    ended: bool = False
    stopped: bool = False
    trouble: str = ""
    before: Verdict | None = None
    """The verdict before a change, if this run evaluates the same failure after the change; else None."""
    change: OwnChange | None = None
    """The change after which the failure is evaluated again; None if rolescope did not make the change."""
    again: int = 0
    """The number of evaluations since the change, while the result stayed the same."""
    made: str = ""
    """The name of the role that was created from an earlier diagnosis of this failure, "" if there is none."""
    waits: Sequence[float] = ()
    """Seconds to wait before each repeated evaluation."""

    def take(self, part: Part) -> None:
        match part:
            case Step():
                self.steps.append(part)
                self.looks = weighed(self.looks, self.steps, self.case_file, self.failure)
            case Verdict():
                from diagnostics.access_denied.judge import ALLOWED_NOW

                self.verdict = part
                if self.change is not None and part.cause == ALLOWED_NOW:
                    # Causes that the change removed no longer apply.
                    self.looks = tuple(each for each in self.looks if each.state is LookState.FOUND)
            case Fix():
                self.fixes.append(part)
            case CaseFile():
                self.case_file = part
                self.looks = weighed(self.looks, self.steps, part, self.failure)
            case RequestFacts():
                self.facts = part

    @property
    def notes(self) -> list[str]:
        """Sentences to show next to the verdict."""
        said = [self.trouble] if self.trouble else []
        if self.offline:
            said.append("Only the text was read: no account is open.")
        if self.made:
            said.append(
                f"The role {self.made} was created. This diagnosis was made after the creation (H shows the "
                "earlier diagnosis)."
            )
        if self.before is not None:
            said += after_change(self.before, self.verdict, self.again_in)
        if self.stopped:
            said.append("Stopped. The results so far are shown below.")
        return said

    @property
    def unchanged(self) -> bool:
        """Whether a change was made without changing the result."""
        return self.before is not None and self.verdict is not None and self.verdict.cause == self.before.cause

    @property
    def again_in(self) -> float | None:
        """Seconds until the next evaluation; None if the result changed, or after enough attempts."""
        if not self.unchanged or self.stopped or self.again >= len(self.waits):
            return None
        return self.waits[self.again]

    @property
    def diagnosis(self) -> Diagnosis:
        """The diagnosis so far, also for a stopped run."""
        verdict = self.verdict or Verdict(
            "unreadable",
            confidence(Ground.NOTHING),
            "The diagnosis was stopped before its verdict." if self.stopped else "",
        )
        known = self.facts.values if self.facts is not None else {}
        return Diagnosis(self.failure, tuple(self.steps), verdict, tuple(self.fixes), self.looks, self.case_file, known)


AGAIN_AFTER = (2, 4, 8, 16)
"""Seconds to wait before each evaluation while the result stays the same after a change. IAM takes seconds to apply
one."""


def after_change(before: Verdict, now: Verdict | None, again_in: float | None) -> list[str]:
    """Return the sentences to show after a change: the cause before the change, and whether that cause remains.

    ``now`` is None until the failure was evaluated again. ``again_in`` is the number of seconds until the next
    evaluation; None if no other is planned.
    """
    said = [f"Before the change, the cause was {before.cause}, {before.confidence.value} (H shows that diagnosis)."]
    if now is not None and now.cause == before.cause:
        wait = "r reads again" if again_in is None else f"next evaluation in {again_in:g} s"
        said.append(
            f"The change was made, but the answer is still the same. IAM can take a minute to apply a change; {wait}."
        )
    return said


@dataclass(eq=False, repr=False)
class OfRun(Message):
    """The base class of the messages from a run's worker. ``number`` is the run's number."""

    number: int


class FailuresRead(OfRun):
    """The text was read, and contains at least one failure. Equal failures are combined and counted.

    ``kept`` is the text without its tokens and other secrets; the pasted text is no longer needed.
    """

    def __init__(self, number: int, failures: tuple[Failure, ...], text: str, kept: str) -> None:
        super().__init__(number)
        self.failures = failures
        self.text = text
        self.kept = kept


class PartFound(OfRun):
    """A step, the verdict or a fix was found."""

    def __init__(self, number: int, part: Part) -> None:
        super().__init__(number)
        self.part = part


class LooksFound(OfRun):
    """The common causes for the text were found, before any step."""

    def __init__(self, number: int, looks: tuple[FirstLook, ...]) -> None:
        super().__init__(number)
        self.looks = looks


class RunEnded(OfRun):
    """The run ended. ``trouble`` is one sentence about a failure, "" if nothing failed."""

    def __init__(self, number: int, trouble: str = "") -> None:
        super().__init__(number)
        self.trouble = trouble


Send = Callable[[OfRun], object]
Cancelled = Callable[[], bool]


def read_failures(number: int, text: str, send: Send, earlier: str = "") -> None:
    """Read a pasted text of any length. Post `FailuresRead`, or `RunEnded` if reading failed.

    ``earlier`` is the text of the shown failure. If only the output of a suggested command was pasted, it is read
    together with that text.
    """
    try:
        kept = taken_out(text)
        failures = read_text(kept)
        if earlier and is_answer(kept) and all(isinstance(each, OtherFailure) for each in failures):
            failures = read_text(f"{earlier}\n{kept}")
    except Exception as error:  # an error of the program must cost only this diagnosis, not the session
        LOG.exception("reading a pasted text of %d characters", len(text))
        # Not the error's own message: it may contain a part of the text, and with it a token.
        send(RunEnded(number, f"The text could not be read ({type(error).__name__}): please report this error."))
        return
    send(FailuresRead(number, failures, text, kept))


def explain(job: Job, send: Send, cancelled: Cancelled) -> None:
    """Explain a failure: post each part as it is found, then `RunEnded`. Stop between parts if the run was stopped."""
    trouble = ""
    try:
        send(LooksFound(job.number, first_look(job.failure)))
        if job.account is None or job.reader is None:
            parts = diagnose_offline(job.failure, job.context)
        else:
            opened = OpenedAccount(job.account, job.reader, job.reader.neighbours)
            if opened.accounts is not None:
                opened = view_of(job.failure, opened.accounts, opened) or opened
            parts = diagnose(job.failure, opened, job.context, role=job.role, own_change=job.change)
        for part in parts:
            if cancelled():
                return
            send(PartFound(job.number, part))
    except SourceError as error:
        trouble = f"The account stopped answering: {error}"
    except Exception as error:  # as above: what was found stays, and the sentence says where the work stopped
        LOG.exception("explaining a failure")
        trouble = f"The diagnosis stopped partway ({error!r}). The results so far are still shown."
    if not cancelled():
        send(RunEnded(job.number, trouble))


def empty_or_binary(text: str) -> str:
    """Return a sentence that says why the text cannot be read: it is empty or binary. "" if it can be read."""
    if not text.strip():
        return "There is nothing to explain yet: paste the error's text here, or fill in the form (ctrl+t)."
    beginning = text[:4096]
    unprintable = sum(1 for character in beginning if not character.isprintable() and character not in "\n\r\t\x1b")
    if unprintable > len(beginning) // 10 and "authorized to perform" not in text:
        return "This is binary data, not an error's text: paste what the failing program printed."
    return ""
