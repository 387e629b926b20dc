"""Data classes for the review's findings. The JSON format (`diagnostics.review.report`) is generated from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix
from iam.risks.risk import RiskRule, Severity


@dataclass(frozen=True, slots=True)
class Rule(RiskRule):
    """A rule that only the review checks."""

    def finding(
        self,
        subject: str,
        summary: str,
        evidence: Iterable[Evidence] = (),
        *,
        severity: Severity | None = None,
        hangs_on: Iterable[str] = (),
        fixes: Iterable[Fix] = (),
        path: Iterable[EscalationHop] = (),
        references: Iterable[str] = (),
        cause: str = "",
        title: str = "",
    ) -> Finding:
        """Return a finding of this rule.

        ``summary`` is one sentence with the reason; ``title`` replaces the rule's title.
        """
        return Finding(
            self.id,
            severity or self.severity,
            subject,
            title or self.title,
            summary,
            tuple(dict.fromkeys(hangs_on)),
            tuple(evidence),
            tuple(path),
            tuple(dict.fromkeys((*references, self.page))),
            tuple(fixes),
            cause=cause,
        )


@dataclass(frozen=True, slots=True)
class EscalationHop:
    """One step of an escalation.

    It says who performs which actions on what, what that gives, and which statements allow it.
    """

    who: str
    actions: tuple[str, ...]
    on: str
    gives: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The acceptance of findings by somebody, until a given day or permanently."""

    rule: str
    subject: str
    reason: str
    by: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of the review.

    ``subject`` is the ARN of the entity that the finding is about, mostly a role or user. ``hangs_on`` are the
    condition keys and unread layers on which the finding depends; empty if it is certain. ``path`` are the steps of an
    escalation.
    """

    rule: str
    severity: Severity
    subject: str
    title: str
    summary: str
    hangs_on: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    path: tuple[EscalationHop, ...] = ()
    references: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
    accepted: Acceptance | None = None
    cause: str = ""
    """The cause of the finding, in a few words, if the cause is not a statement (another account, a service)."""
    set_up_by: str = ""
    """The name of the AWS tool that creates roles such as this one."""
    double_of: tuple[str, str] | None = None
    """The key of another finding that reports everything that this one reports, or None."""

    @property
    def certain(self) -> bool:
        return not self.hangs_on

    @property
    def key(self) -> tuple[str, str]:
        """The finding's key, which is unique in a review: rule and subject."""
        return self.rule, self.subject

    def accepted_by(self, acceptance: Acceptance | None) -> Finding:
        return self if acceptance == self.accepted else replace(self, accepted=acceptance)


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that could not be read, and the rules that are incomplete or missing because of it."""

    what: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a review."""

    what: str
    done: int
    of: int
