"""The parts of a diagnosis: steps with evidence, a verdict, fixes. The JSON format is made from these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from diagnostics.failure import Failure
from iam.policy.document import Document


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
class Step:
    """One question of the procedure, answered. ``witnesses`` says who was heard (simulator, local engine, message)."""

    id: str
    title: str
    status: Status
    summary: str
    evidence: tuple[Evidence, ...] = ()
    witnesses: str = ""


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
class Fix:
    """A change that helps. ``change`` is JSON text for policy kinds (the whole statement or document), else text.

    ``before`` is the document as it stands, for showing a difference. ``verified`` is True when the request was
    evaluated with the change in place and is allowed, False when it is still denied, None when it cannot be evaluated.
    ``newly_allowed`` counts what else the change allows, in words: ``action on resource``.
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


@dataclass(frozen=True, slots=True)
class Diagnosis:
    failure: Failure
    steps: tuple[Step, ...]
    verdict: Verdict
    fixes: tuple[Fix, ...]
