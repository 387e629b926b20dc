"""The parts of a diagnosis: steps with evidence, a verdict, fixes. The JSON format is made from these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from iam.claims import Confidence as Confidence
from iam.claims import Ground, Sourced, confidence

if TYPE_CHECKING:
    from diagnostics.claims.kinds import Claim, Sentence
    from diagnostics.failure import Failure
    from diagnostics.fix import Fix, HangsOn, Who
    from iam.policy.decision import ConditionFailure
    from iam.policy.document import Document
    from iam.policy.request import Policies, Request


_EVALUATED = confidence(Ground.EVALUATED)


class Status(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence.

    ``element`` names the part of the statement at fault (Action, Resource, Principal, Condition …), ``conditions`` are
    those of it that are not met, ``document`` is the complete policy for the screens, ``call`` the AWS call that
    returned it, ``account`` the one that it belongs to, where several have a say.
    """

    text: str
    layer: str | None = None
    policy: str | None = None
    arn: str | None = None
    statement: int | None = None
    sid: str | None = None
    element: str | None = None
    document: Document | None = None
    call: str | None = None
    conditions: tuple[ConditionFailure, ...] = ()
    account: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimComparison:
    """A claim of a token compared with the required value. ``holds`` is None if that is unknown."""

    claim: str
    had: str
    wanted: str
    holds: bool | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One question of the procedure, answered.

    ``witnesses`` says who was heard (simulator, local engine, message), ``heard`` how many they were, ``agree`` whether
    they said the same: None where only one was heard. ``comparisons`` are the rows of a token's table, ``asserts`` what
    its sentence claims.
    """

    id: str
    title: str
    status: Status
    summary: str
    evidence: tuple[Evidence, ...] = ()
    witnesses: str = ""
    comparisons: tuple[ClaimComparison, ...] = ()
    heard: int = 0
    agree: bool | None = None
    asserts: tuple[Claim, ...] = ()
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A condition key whose value is unknown, and the values that would satisfy the policies that ask."""

    key: str
    wanted: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class LaterChange:
    """A later change that let a request through again (``then`` is "allowed") or refused it again ("denied")."""

    event_id: str
    event: str
    at: datetime
    by: str
    what: str
    then: str


@dataclass(frozen=True, slots=True)
class Since:
    """The change after which a request was refused: ``verdict.since`` of the JSON format.

    ``event_id`` is None, with all that says which change, where it was refused all the time back to ``back_to``;
    ``before`` is then "denied", else "allowed". ``checked`` counts the states that were evaluated.
    """

    before: str
    checked: int
    back_to: datetime
    event_id: str | None = None
    event: str | None = None
    at: datetime | None = None
    by: str | None = None
    entity: str | None = None
    what: str | None = None
    certainty: Confidence = _EVALUATED
    hangs_on: tuple[HangsOn, ...] = ()
    after: tuple[LaterChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """``cause`` is a code of the JSON format (``identity.no-action``, ``name.taken`` …); ``unread`` are the words of
    the layers that could not be read, those first on which the verdict hangs. ``sentences`` are those of the summary,
    each with what it claims; without any, the summary claims what its cause does.
    ``account`` is where the change has to be made.
    """

    cause: str
    confidence: Confidence
    summary: str
    questions: tuple[Question, ...] = ()
    unread: tuple[str, ...] = ()
    sentences: tuple[Sentence, ...] = field(default=(), compare=False)
    since: Since | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class OwnChange:
    """A change that the operator made with this program before asking again: the ``title`` of its plan, and when it was
    carried out, by the reader's clock. ``policies`` are the names of those that it wrote.
    """

    title: str
    time: datetime
    policies: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CaseFile:
    """Requests with the policies that decide them, each with a name: those of AWS's own record first, if there is one.

    ``resource_known`` is False where nothing says what the request was about.
    """

    evaluations: tuple[tuple[str, Request, Policies], ...]
    resource_known: bool = True

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The cases as ``rolescope evaluate`` reads them."""
        from iam.policy.evaluate_lines import as_line

        return tuple(as_line(name, request, policies) for name, request, policies in self.evaluations)


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """The values of the request that was refused, each with its source: ``request`` of the JSON format."""

    values: Mapping[str, Sourced[Any]]


NOT_READ = "account"
"""The id of the step that says that no account was read."""
PASTED = "pasted"
"""The id of the step on the policy documents that the text itself contains."""


class LookState(StrEnum):
    """What the steps say of a usual cause: nothing, that it is so, or that it is not.

    ``READ``: a step has read what the cause's command would read, and that does not decide it.
    """

    OPEN = "open"
    READ = "read"
    FOUND = "found"
    RULED_OUT = "ruled-out"


@dataclass(frozen=True, slots=True)
class Probe:
    """Another request of the same caller, ``action`` on ``resource``, that tells whether a usual cause is so.

    The cause is ruled out where the request is not decided as ``allowed`` says. With ``decides`` the caller's own
    policies alone count, and the cause is so where they decide it so.
    """

    action: str
    resource: str
    allowed: bool
    decides: bool = False


@dataclass(frozen=True, slots=True)
class FirstLook:
    """A usual cause of such a failure.

    ``because`` is what in the text says so, with that as data; ``check`` is a command that only reads, or None.
    ``account`` is the account with whose credentials to run it, where the text names several; else "".
    ``asserts`` is what else must be so of the case for the cause to be worth a look.

    ``told_by`` are the ids of the steps that tell whether it is so, where an account is read; ``ruled_out_by`` of those
    that can only rule it out, because they fail for other reasons too; ``found_by`` of those that can only find it,
    because the cause has an alternative that they do not look at; ``probe`` is evaluated with the policies that were
    read. ``state`` and ``why`` are what they told.
    """

    cause: str
    because: Sentence
    check: str | None
    who: Who
    told_by: tuple[str, ...] = ()
    ruled_out_by: tuple[str, ...] = ()
    found_by: tuple[str, ...] = ()
    state: LookState = LookState.OPEN
    why: str = ""
    asserts: tuple[Claim, ...] = ()
    probe: Probe | None = None
    account: str = ""

    @property
    def where(self) -> str:
        """``, with credentials of account 111122223333``, or an empty string."""
        return f", with credentials of account {self.account}" if self.account else ""


@dataclass(frozen=True)
class Diagnosis:
    """``looks`` are the usual causes of such a text, or work them out; ``case_file`` is there where policies were
    evaluated; ``request`` has the values of a refused request with their sources.
    """

    failure: Failure
    steps: tuple[Step, ...]
    verdict: Verdict
    fixes: tuple[Fix, ...]
    looks: tuple[FirstLook, ...] | Callable[[], tuple[FirstLook, ...]] = field(default=(), compare=False)
    case_file: CaseFile | None = None
    request: Mapping[str, Sourced[Any]] = field(default_factory=dict, compare=False)

    @cached_property
    def first_look(self) -> tuple[FirstLook, ...]:
        """The usual causes of such a text, as far as the steps leave them open: beside a certain answer nobody asks for
        them.
        """
        return self.looks() if callable(self.looks) else self.looks

    @property
    def offline(self) -> bool:
        """Whether no account was read."""
        return any(step.id == NOT_READ for step in self.steps)
