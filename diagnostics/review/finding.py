"""What the review finds, as values. The JSON format (`diagnostics.review.report`) is made from these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix
from iam.risks.risk import RiskRule, Severity


@dataclass(frozen=True, slots=True)
class Rule(RiskRule):
    """A rule that the review alone has."""

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
        """A finding of this rule. ``summary`` is one sentence with the reason; ``title`` replaces the rule's."""
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
    """One step of an escalation: who does what to what, what that gives, and the statements that allow it."""

    who: str
    actions: tuple[str, ...]
    on: str
    gives: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A finding that somebody takes as it is, until a day or for good."""

    rule: str
    subject: str
    reason: str
    by: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """``subject`` is the ARN of what the finding is about, mostly a role or user. ``hangs_on`` are the condition keys
    and the unread layers on which it hangs: none where it is certain. ``path`` are the steps of an escalation.
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
    """What causes it beside statements (another account, a service), in a few words."""
    set_up_by: str = ""
    """The tool of AWS whose set-up writes such a role, by its name."""
    double_of: tuple[str, str] | None = None
    """The key of a finding that says all that this one does."""

    @property
    def certain(self) -> bool:
        return not self.hangs_on

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the others of a review."""
        return self.rule, self.subject

    def accepted_by(self, acceptance: Acceptance | None) -> Finding:
        return self if acceptance == self.accepted else replace(self, accepted=acceptance)


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read, and the rules that it silences, in part or as a whole."""

    what: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review is."""

    what: str
    done: int
    of: int
