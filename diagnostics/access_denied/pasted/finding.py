"""What the policy documents of a paste say of the refused request, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from diagnostics.diagnosis import PASTED, Evidence, Status, Step
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
"""The layer's word → what a document of it is called."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the documents of one kind say of the request. ``said`` is a clause on a statement, ``sentence`` the whole.

    ``code`` is the cause that this would be, None where they allow the request. ``absent`` are the condition keys that
    a Deny asks for and that the text does not show. ``leads``: the verdict says it first though it is no cause.
    ``fix`` is what to change in the document, ``further`` what else has to change, or may instead.
    ``settles``: it says all that is to be done, though no policy lacks anything.
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

    @property
    def fixes(self) -> tuple[Fix, ...]:
        return self.further if self.fix is None else (self.fix, *self.further)

    @property
    def step(self) -> Step:
        open_ = self.absent or (self.code or "").endswith(Fault.CONDITION_UNKNOWN.value)
        if self.settles:
            return Step(PASTED, TITLE, Status.SKIPPED, f"{self.said[0].upper()}{self.said[1:]}", self.evidence)
        status = Status.PASS if self.code is None else Status.UNKNOWN if open_ else Status.FAIL
        return Step(PASTED, TITLE, status, f"{self.said[0].upper()}{self.said[1:]}", self.evidence)
