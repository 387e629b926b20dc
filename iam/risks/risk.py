"""A risk that a rule found in an account. The gate and the review use this value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from iam.policy.compiled import CompiledStatement
from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.policy.request import NamedPolicy
from iam.policy.unknown_keys import Judged


class Severity(StrEnum):
    """The severity of a risk, most severe first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """The position in the order of severity; 0 is the most severe."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Exposure(StrEnum):
    """Who can use an entry into a role (see `iam.risks.exposure`), in words."""

    ANYBODY = "anybody with an AWS account"
    UNKNOWN = "an account that is not known"
    UNKNOWN_ASKED = "an account that is not known, with an external ID or another condition"
    VENDOR = "a vendor's account"
    VENDOR_ASKED = "a vendor's account, with an external ID or another condition"
    MANAGER = "the account that manages this account, if the role's name is true"
    OURS = "another account of ours"
    TOKENS_OF_ANYBODY = "tokens that anybody can get from an identity provider"
    TOKENS_OF_OWNER = "tokens of several repositories or projects of one owner"
    TOKENS_OF_CLUSTER = "tokens of any service account of a cluster"
    TOKENS_OF_NAMESPACE = "tokens of any service account of a namespace"
    TOKENS_OF_ONE = "tokens of one repository, project or workload"
    SERVICE = "a service that acts for any account"


@dataclass(frozen=True, slots=True)
class Proof:
    """A policy statement that shows the risk.

    ``element`` is the element of the statement that shows it, None for the entire statement. For a trust policy,
    ``layer`` is RESOURCE.
    """

    policy: NamedPolicy
    layer: Layer
    statement: int | None
    sid: str | None
    element: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a risk.

    ``title`` says it in a few words, ``note`` explains how. ``trust_after`` is the changed trust policy; None if the
    advice has none, because a person must choose.
    """

    title: str
    note: str = ""
    trust_after: Document | None = None
    caution: str = ""
    """A step to take first, if following the advice immediately would cause harm."""


@dataclass(frozen=True, slots=True)
class RiskRule:
    """A rule. ``id`` never changes, ``title`` says in a few words what the rule finds, and ``page`` is AWS's page."""

    id: str
    severity: Severity
    title: str
    page: str

    def risk(
        self,
        subject: str,
        summary: str,
        proofs: Iterable[Proof],
        *,
        advice: Advice,
        severity: Severity | None = None,
        hangs_on: Iterable[str] = (),
        cause: str = "",
        exposure: Exposure | None = None,
    ) -> Risk:
        """Return a risk that was found by this rule."""
        kept = tuple(dict.fromkeys(hangs_on))
        return Risk(self, severity or self.severity, subject, summary, kept, tuple(proofs), advice, cause, exposure)


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk that a rule found.

    ``subject`` is the ARN of the role or user, ``summary`` one sentence with the reason. ``hangs_on`` are the condition
    keys and unread layers that the risk depends on; empty if it is certain.
    """

    rule: RiskRule
    severity: Severity
    subject: str
    summary: str
    hangs_on: tuple[str, ...]
    proofs: tuple[Proof, ...]
    advice: Advice
    cause: str = ""
    """The cause in a few words, if it is not a statement but, for example, another account or a service."""
    exposure: Exposure | None = None
    """Who can use the entry; None if the risk is not an entry into a role."""


def identity_proof(policy: NamedPolicy, one: CompiledStatement, element: str, text: str) -> Proof:
    """Return the `Proof` for a statement in an identity policy. ``element`` is the part that shows the risk."""
    return Proof(policy, Layer.IDENTITY, one.statement.index, one.statement.sid, element, text)


def trust_proof(trust: NamedPolicy, one: CompiledStatement, element: str, text: str) -> Proof:
    """Return the `Proof` for a statement in a trust policy. ``element`` is the part that shows the risk."""
    return Proof(trust, Layer.RESOURCE, one.statement.index, one.statement.sid, element, text)


def judged_proof(one: Judged, text: str) -> Proof:
    """Return the `Proof` for a statement that the engine named as decisive, with ``text`` as its explanation."""
    return Proof(one.policy, one.layer, one.statement, one.sid, None, text)
