"""The parts of a diagnosis: steps with evidence, a verdict, fixes. The JSON format is made from these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from diagnostics.failure import Failure
from iam.policy.document import Document
from iam.policy.request import Holder


class Status(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class Confidence(StrEnum):
    CERTAIN = "certain"
    LIKELY = "likely"
    UNKNOWN = "unknown"


class Who(StrEnum):
    """Who can carry out a fix."""

    YOU = "you"
    ACCOUNT_ADMIN = "account-admin"
    ORG_ADMIN = "org-admin"
    RESOURCE_OWNER = "resource-owner"
    CALLER = "caller"


class FixKind(StrEnum):
    POLICY_STATEMENT = "policy-statement"
    TRUST_POLICY = "trust-policy"
    COMMAND = "command"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was looked at. ``element`` names the part of the statement at fault (Action, Resource, Principal,
    Condition …), ``document`` is the whole policy for the screens, ``call`` the AWS call that told it."""

    text: str
    layer: str | None = None
    policy: str | None = None
    arn: str | None = None
    statement: int | None = None
    sid: str | None = None
    element: str | None = None
    document: Document | None = None
    call: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One claim of a token beside what is wanted of it. ``holds`` is None where that cannot be told."""

    claim: str
    had: str
    wanted: str
    holds: bool | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One question of the procedure, answered. ``witnesses`` says who was heard (simulator, local engine, message),
    ``comparisons`` are the rows of a token's table."""

    id: str
    title: str
    status: Status
    summary: str
    evidence: tuple[Evidence, ...] = ()
    witnesses: str = ""
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A condition key whose value nobody has told yet, and the values that would satisfy the policies that ask."""

    key: str
    wanted: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``cause`` is a code of the JSON format (``identity.no-action``, ``name.taken`` …)."""

    cause: str
    confidence: Confidence
    summary: str
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class NewRole:
    """A role whose creation is the fix, as far as it is known: None is for a person to tell.

    ``instead_of`` is the name that was taken, where the role was to have that one.
    """

    name: str
    instead_of: str = ""
    path: str | None = None
    trust: Document | None = None
    attached: tuple[str, ...] = ()
    inline: Mapping[str, Document] | None = None
    boundary: str | None = None
    tags: Mapping[str, str] | None = None
    description: str | None = None
    max_session_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """What is being deleted and has to be waited for: a service-linked role, or a stack that owns an entity."""

    role: str = ""
    stack: str = ""
    physical_id: str = ""


@dataclass(frozen=True, slots=True)
class InlinePlace:
    """The inline policy that a fix writes: whose it is and its name; ``new`` where there is none of that name yet."""

    holder: Holder
    name: str
    new: bool = False

    @property
    def words(self) -> str:
        return f"{self.holder.arn} ({'new ' if self.new else ''}inline policy {self.name})"


LONGEST_TITLE = 120
"""Characters of a fix's title, about: it is one line of a screen. What else there is to know goes into ``cautions``."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that helps. ``change`` is JSON text for policy kinds (the whole statement or document), else text.

    ``before`` is the document as it stands, for showing a difference. ``verified`` is True when the request was
    evaluated with the change in place and is allowed, False when it is still denied, None when it cannot be evaluated.
    ``newly_allowed`` counts what else the change allows, in words: ``action on resource``; ``cautions`` are sentences
    on what to know before, each without its full stop.

    How it is carried out from here, where ``change`` alone does not tell: ``inline`` is the inline policy that is
    written, ``new_role`` begins a creation, ``watch`` is waited for, ``no_plan`` says in one sentence why there is
    nothing to carry out, and what to do.
    """

    title: str
    who: Who
    kind: FixKind
    target: str
    change: str
    verified: bool | None = None
    newly_allowed: tuple[str, ...] = ()
    before: Document | None = None
    after: Document | None = None
    inline: InlinePlace | None = None
    new_role: NewRole | None = None
    watch: Watch | None = None
    no_plan: str = ""
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    failure: Failure
    steps: tuple[Step, ...]
    verdict: Verdict
    fixes: tuple[Fix, ...]
