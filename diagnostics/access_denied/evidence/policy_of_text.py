"""The current state of the policy that AWS's text names by its ARN."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from diagnostics.words import POLICY_TYPES
from iam.policy.decision import Reason
from iam.policy.document import Document


class Standing(Enum):
    """The state of a policy that the text names.

    ``IN_PLAY``: it takes part in the request, because it was read or, for an unread layer, because AWS says so.
    ``GONE``: it took part, but no longer does. ``UNREAD``: its layer was read, but the policy is not in it, for an
    unknown reason.
    """

    IN_PLAY = auto()
    GONE = auto()
    UNREAD = auto()


@dataclass(frozen=True, slots=True)
class PolicyOfText:
    """The policy that the text names.

    ``deny`` is its statement that matches the request now; ``event`` is the newest change that explains why the policy
    no longer denies the request; ``why`` is a sentence if its document cannot be read.
    """

    arn: str
    word: str
    standing: Standing
    deny: Reason | None = None
    document: Document | None = None
    event: str = ""
    why: str = ""
    call: str = ""

    @property
    def became(self) -> str:
        """A phrase that says what happened to the policy since AWS named it.

        "" if the policy still denies, or if nothing is known.
        """
        since = f" ({self.event})" if self.event else ""
        if self.standing is Standing.GONE and self.document is None:
            return f"{self.arn}, which refused the request, no longer exists{since}"
        if self.standing is Standing.GONE:
            return f"{self.arn}, which refused the request, is no longer its {POLICY_TYPES[self.word]}{since}"
        if self.standing is Standing.IN_PLAY and self.deny is None and self.event:
            return f"{self.arn}, which refused the request, has been changed since{since}"
        return ""
