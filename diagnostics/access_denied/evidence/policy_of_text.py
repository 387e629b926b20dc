"""What became of the policy that AWS's text names by its ARN."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from diagnostics.words import POLICY_TYPES
from iam.policy.decision import Reason
from iam.policy.document import Document


class Standing(Enum):
    """``IN_PLAY``: it has a say in the request, as was read or, of a layer that was not, by AWS's word. ``GONE``: it
    had, and has none now. ``UNREAD``: its layer was read without it, and nothing tells why.
    """

    IN_PLAY = auto()
    GONE = auto()
    UNREAD = auto()


@dataclass(frozen=True, slots=True)
class PolicyOfText:
    """``deny`` is the statement of it that matches the request now; ``event`` the newest change that explains why it
    no longer refuses the request; ``why`` is one sentence where its document cannot be read.
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
        """What became of it since AWS named it, in words; empty where it still refuses or nothing is known."""
        since = f" ({self.event})" if self.event else ""
        if self.standing is Standing.GONE and self.document is None:
            return f"{self.arn}, which refused the request, no longer exists{since}"
        if self.standing is Standing.GONE:
            return f"{self.arn}, which refused the request, is no longer its {POLICY_TYPES[self.word]}{since}"
        if self.standing is Standing.IN_PLAY and self.deny is None and self.event:
            return f"{self.arn}, which refused the request, has been changed since{since}"
        return ""
