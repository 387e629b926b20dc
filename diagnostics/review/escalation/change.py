"""Represent a change that a principal makes to itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from diagnostics.review.escalation.asking import Asking
from diagnostics.review.escalation.step import EscalationStep
from diagnostics.review.finding import EscalationHop
from iam.account import Role, User
from iam.questions.index import Principal
from iam.risks.judged_account import EVERYTHING


def entity_kind(entity: Role | User) -> str:
    return "User" if isinstance(entity, User) else "Role"


ALLOWS_EVERYTHING = "a policy that allows everything"


@dataclass(frozen=True, slots=True)
class Change:
    """A change that a principal makes to itself.

    ``asking`` records what allows the change; ``principal`` is the result.
    """

    asking: Asking
    actions: tuple[str, ...]
    on: str
    gives: str
    principal: Principal
    hangs: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    def after(self, before: Change) -> Change:
        """Return both changes combined, ``before`` first."""
        if not before.actions:
            return self
        asking = Asking(self.asking.reviewed, before.asking.principal)
        asking.hangs = {**before.asking.hangs, **self.asking.hangs}
        asking.evidence = [*before.asking.evidence]
        asking.evidence += [each for each in self.asking.evidence if each not in asking.evidence]
        return Change(
            asking,
            tuple(dict.fromkeys((*before.actions, *self.actions))),
            before.on,
            f"{before.gives}; then {self.gives}",
            self.principal,
            (*before.hangs, *self.hangs),
            (*before.ids, *self.ids),
        )

    def then(self, step: EscalationStep) -> EscalationStep:
        """Return a step that the principal can take after the change, combined with the change."""
        evidence = [*self.asking.evidence]
        evidence += [each for each in step.hop.evidence if each not in evidence]
        hop = EscalationHop(
            self.asking.principal.entity.arn,
            tuple(dict.fromkeys((*self.actions, *step.hop.actions))),
            step.hop.on,
            f"{self.gives}; then {step.hop.gives}",
            tuple(evidence),
        )
        hangs = dict.fromkeys((*self.asking.hangs, *self.hangs, *step.hangs_on))
        return EscalationStep(hop, step.target, tuple(hangs), step.references)


def with_everything(principal: Principal) -> Principal:
    return replace(principal, identity=(*principal.identity, EVERYTHING))
