"""The result of comparing a text's policy documents with the denied request."""

from __future__ import annotations

from dataclasses import dataclass

from diagnostics.diagnosis import PASTED, Evidence, PolicyFact, Status, Step
from diagnostics.fix import Fix
from iam.policy.decision import Fault

TITLE = "The policy in the text"
LAYERS_IN_WORDS = {
    "boundary": "permissions boundary",
    "scp": "SCP",
    "rcp": "RCP",
    "session": "session policy",
    "vpce": "endpoint policy",
}
"""The name of a policy of each layer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What documents of one kind say about the request.

    ``said`` is a clause about a statement, ``sentence`` the full text. ``code`` is the cause code of what the documents
    lack, None if they allow the request. ``absent`` are condition keys that a Deny tests and that the text does not
    show. ``fix`` is what to change in the document, ``further`` what else has to change, or may be changed instead.

    ``leads``: the verdict begins with the finding although it is not a cause. ``settles``: the finding says all that
    has to be done, although no policy lacks anything. ``covers``: the policy allows the request. ``resembles``: a name
    in the statement is almost the request's. ``fact`` is what other parts of the answer use (`PolicyFact`).
    """

    code: str | None
    said: str
    sentence: str
    evidence: tuple[Evidence, ...] = ()
    absent: tuple[str, ...] = ()
    leads: bool = False
    fix: Fix | None = None
    further: tuple[Fix, ...] = ()
    settles: bool = False
    covers: bool = False
    resembles: bool = False
    fact: PolicyFact | None = None

    @property
    def layer(self) -> str:
        """The layer of the cause: the first part of its code, "" if the documents allow the request."""
        return (self.code or "").partition(".")[0]

    @property
    def fixes(self) -> tuple[Fix, ...]:
        return self.further if self.fix is None else (self.fix, *self.further)

    @property
    def step(self) -> Step:
        open_ = self.absent or (self.code or "").endswith(Fault.CONDITION_UNKNOWN.value)
        status = Status.PASS if self.code is None else Status.UNKNOWN if open_ else Status.FAIL
        if self.settles:
            status = Status.SKIPPED
        said = f"{self.said[0].upper()}{self.said[1:]}"
        return Step(PASTED, TITLE, status, said, self.evidence, fact=self.fact or self._external_id)

    @property
    def _external_id(self) -> PolicyFact | None:
        keys = (*self.absent, *(failed.key for each in self.evidence for failed in each.conditions))
        asked = any(key.lower() == "sts:externalid" for key in keys)
        return PolicyFact.EXTERNAL_ID if asked else None
