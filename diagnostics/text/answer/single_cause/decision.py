"""A verdict that facts in the text prove, with its fix."""

from __future__ import annotations

from dataclasses import dataclass

from diagnostics.diagnosis import PASTED, Status, Step, Verdict
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import Arn
from iam.claims import Ground, confidence


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict that facts in the text prove, with its fix and the words that state the facts.

    ``nearer``: the verdict is more specific than the result of evaluating a policy in the text.
    """

    verdict: Verdict
    fix: Fix
    words: str
    nearer: bool = False

    @property
    def step(self) -> Step:
        """The step on these facts. No common causes are shown after it."""
        return Step(PASTED, "What the text decides", Status.FAIL, self.words)


def decide(
    cause: str, words: str, sentence: str, title: str, who: Who, target: str, text: str, *, nearer: bool = False
) -> Decision:
    verdict = Verdict(cause, confidence(Ground.LIKENESS), sentence)
    return Decision(verdict, Fix(title, who, Note(target, text)), words, nearer)


def caller_arn(denial: Denial) -> str:
    """Return the caller's ARN as a trust policy names it; for a session, the ARN of its role without a path."""
    caller = Arn.parse_principal(denial.principal or "")
    if caller is None:
        return denial.principal or "the caller"
    if caller.type != "assumed-role":
        return str(caller)
    return f"arn:{caller.partition}:iam::{caller.account}:role/{caller.session_role}"
