"""The parts of a diagnosis: steps with evidence, a verdict and fixes. The JSON output is generated from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from iam.claims import Confidence as Confidence
from iam.claims import Sourced

if TYPE_CHECKING:
    from diagnostics.claims.kinds import Claim, Sentence
    from diagnostics.failure import Failure
    from diagnostics.fix import Fix
    from diagnostics.past_changes import Since
    from diagnostics.who import Who
    from iam.policy.decision import ConditionFailure
    from iam.policy.document import Document
    from iam.policy.request import Policies, Request


class Status(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence.

    ``element`` names the part of the statement at fault (Action, Resource, Principal, Condition …), ``conditions`` are
    the unmet conditions of that statement, ``document`` is the complete policy for the screens, ``call`` is the AWS
    call that returned it, and ``account`` is the account that it belongs to if several accounts are involved.
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


def distinct(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the evidence without repetitions: evidence that says the same about the same statement is included once.

    A policy attached at several levels of an organization counts as one policy.
    """
    by_place = {(each.policy, each.arn, each.statement, each.element, each.text): each for each in evidence}
    return tuple(by_place.values())


@dataclass(frozen=True, slots=True)
class ClaimComparison:
    """A claim in a token, compared with the value that the trust policy requires.

    ``holds`` is None if it is unknown whether they match.
    """

    claim: str
    had: str
    wanted: str
    holds: bool | None
    note: str = ""


class PolicyFact(StrEnum):
    """What the step about the text's own policies found, where other parts of the answer depend on it.

    ``NAMES_ACTION``: a statement names the action, so that a missing action is not the cause. ``OF_ANOTHER_ROLE``: the
    policy that allows it is attached to a different role from the caller's. ``EXTERNAL_ID``: the trust policy requires
    an external ID.
    """

    NAMES_ACTION = "names-action"
    OF_ANOTHER_ROLE = "of-another-role"
    EXTERNAL_ID = "external-id"


@dataclass(frozen=True, slots=True)
class Step:
    """One check of the procedure, with its result.

    ``witnesses`` lists the sources that answered (simulator, local engine, message), ``heard`` is their number, and
    ``agree`` is whether they gave the same answer (None with only one source). ``comparisons`` are the rows of the
    table that compares a token with the trust policy; ``asserts`` are the claims that the summary makes, as data.
    ``fact`` is what the step about the text's own policies found.
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
    fact: PolicyFact | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A condition key whose value is unknown, with the values that would satisfy the policies that use the key."""

    key: str
    wanted: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The conclusion of a diagnosis: the cause, and how certain it is.

    ``cause`` is a code of the JSON format (``identity.no-action``, ``name.taken`` …). ``unread`` are the words of the
    layers that could not be read, first those that the verdict depends on. ``sentences`` are the sentences in the
    summary, each with its claims as data; if empty, the summary claims what its cause implies. ``account`` is the
    account in which to make the change. ``left_open`` is set if no policy of the open account decides: it is the
    sentence that says why, or an empty sentence. ``by_text``: the verdict is based on the text alone, although an
    account is open. ``only_stated``: the cause is only what AWS's message states, and the account's verdict states the
    same. ``general``: the summary only says which request was refused, or what the error means, so that the first
    common cause that the text supports completes it; ``advice`` is the general advice at the end of such a summary.
    """

    cause: str
    confidence: Confidence
    summary: str
    questions: tuple[Question, ...] = ()
    unread: tuple[str, ...] = ()
    sentences: tuple[Sentence, ...] = field(default=(), compare=False)
    since: Since | None = None
    account: str | None = None
    left_open: Sentence | None = field(default=None, compare=False)
    by_text: bool = field(default=False, compare=False)
    only_stated: bool = field(default=False, compare=False)
    general: bool = field(default=False, compare=False)
    advice: str = field(default="", compare=False)


@dataclass(frozen=True)
class CaseFile:
    """Requests by name, each with the policies that decide it. Requests from AWS's own record come first.

    ``resource_known`` is False if nothing identifies the requested resource.
    """

    evaluations: tuple[tuple[str, Request, Policies], ...]
    resource_known: bool = True

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The requests as input lines for ``rolescope evaluate``."""
        from iam.policy.evaluate_lines import as_line

        return tuple(as_line(name, request, policies) for name, request, policies in self.evaluations)


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """The values of the denied request, each with its source: ``request`` in the JSON format."""

    values: Mapping[str, Sourced[Any]]


NOT_READ = "account"
"""The ID of the step that says that no account was read."""
PASTED = "pasted"
"""The ID of the step about policy documents in the text itself."""
_DECIDE_NOTHING = frozenset({"message", "authorization", "credentials", "duration", "sequence", "caller", PASTED})
"""The IDs of the steps that are not about the account: they look only at the text, or find out who the caller is."""


class LookState(StrEnum):
    """Whether the steps confirm a common cause, rule it out, or leave it open.

    ``READ``: a step has read the same data as the cause's suggested command, but that data does not decide it.
    """

    OPEN = "open"
    READ = "read"
    FOUND = "found"
    RULED_OUT = "ruled-out"


@dataclass(frozen=True, slots=True)
class Probe:
    """Another request by the same caller, ``action`` on ``resource``, that is evaluated to test a common cause.

    The cause is ruled out if the result differs from ``allowed``. With ``decides``, only the caller's own policies are
    evaluated, and the cause is confirmed if their result equals ``allowed``.
    """

    action: str
    resource: str
    allowed: bool
    decides: bool = False


@dataclass(frozen=True, slots=True)
class FirstLook:
    """A common cause of such a failure.

    ``because`` is the sentence that says what in the text suggests the cause, with its claims as data; ``check`` is a
    read-only command, or None. ``account`` is the account to run it in, if the text names several; else "". ``asserts``
    are claims that must also be true of the case for the cause to be worth checking.

    ``shown_by`` are the IDs of steps that decide whether it is the cause, if an account is read; ``ruled_out_by`` are
    those of steps that can only rule it out, because they fail for other reasons too; ``found_by`` are those of steps
    that can only confirm it, because the cause has an alternative that they do not check. ``probe`` is evaluated with
    the policies that were read. ``state`` and ``why`` are the result of these steps.

    ``guess``: nothing in the text points to this cause. It is shown only if a step confirms it or rules it out.
    ``only_missing``: the cause says nothing but that the caller's policies lack the action. ``decides``: values in the
    text leave this cause alone, so that the verdict says it.
    """

    cause: str
    because: Sentence
    check: str | None
    who: Who
    shown_by: tuple[str, ...] = ()
    ruled_out_by: tuple[str, ...] = ()
    found_by: tuple[str, ...] = ()
    state: LookState = LookState.OPEN
    why: str = ""
    asserts: tuple[Claim, ...] = ()
    probe: Probe | None = None
    account: str = ""
    guess: bool = False
    only_missing: bool = False
    decides: bool = False

    @property
    def asks_iam(self) -> bool:
        """Whether ``check`` calls IAM, which looks up a name only in the account of the credentials."""
        return " iam " in (self.check or "")

    @property
    def where(self) -> str:
        """The clause ``, with credentials of account 111122223333``, or "" if ``account`` is empty."""
        return f", with credentials of account {self.account}" if self.account else ""


Part: TypeAlias = "Step | Verdict | Fix | CaseFile | RequestFacts"


@dataclass(frozen=True)
class Diagnosis:
    """A failure with the steps taken, the verdict and the fixes.

    ``looks`` are the common causes of such a text, or a function that computes them; ``case_file`` is None if no
    policies were evaluated; ``request`` contains the values of a denied request with their sources.
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
        """The common causes of a text like this one that the steps could neither confirm nor rule out."""
        return self.looks() if callable(self.looks) else self.looks

    @property
    def offline(self) -> bool:
        """Whether no account was read."""
        return any(step.id == NOT_READ for step in self.steps)

    @property
    def by_account(self) -> bool:
        """Whether something in an account decided: a step that failed there, or policies that allow the request.

        A caller that does not exist in the account decides nothing: the text may be about another account.
        """
        if self.offline or self.verdict.by_text:
            return False
        if self.verdict.cause == "allowed.now":
            return True
        return any(step.status is Status.FAIL and step.id not in _DECIDE_NOTHING for step in self.steps)
