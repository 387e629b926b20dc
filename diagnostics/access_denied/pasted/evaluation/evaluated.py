"""The denied request, the policy documents of a text, and the result of the evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.failure import Denial
from iam.claims import Keys
from iam.policy.compiled import wildcard_only
from iam.policy.explain import LayerExplanation
from iam.policy.layer import LayerResult
from iam.policy.request import Request


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A request that was evaluated against the documents of one layer.

    ``word`` is the layer's word in cause codes. ``on`` is the resource for which the action was evaluated, ``shown``
    the one that the text shows, if any. ``explained`` is the result of all statements, ``sure`` that of the statements
    without placeholders. ``whole``: what the documents do not allow is denied. ``presumed``: the caller is not named,
    and is assumed to be the holder of a policy that is shown with the refusal.
    """

    denial: Denial
    pasted: Sequence[PastedPolicy]
    word: str
    request: Request
    on: str
    keys: Keys
    explained: LayerExplanation
    sure: LayerExplanation
    shown: str | None
    whole: bool
    presumed: bool

    @property
    def action(self) -> str:
        return self.request.action

    @property
    def is_allowed(self) -> bool:
        return self.explained.result is LayerResult.ALLOWED

    @property
    def reason(self) -> str:
        """The kind of reason that AWS states: ``explicit``, ``implicit`` or "" if it states none."""
        return (self.denial.stated_reason or "").partition(":")[0]

    @property
    def takes_no_resource(self) -> bool:
        """Whether the action can be allowed on ``*`` only."""
        return wildcard_only(self.action)

    @property
    def on_a_pattern(self) -> bool:
        """Whether the requested resource is a pattern. A statement may cover only part of a pattern."""
        return "*" in (self.denial.resource or "") and not self.takes_no_resource
