"""The part that the closest statement lacks, and the request that was compared."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from diagnostics.access_denied.near_misses import statement_words
from diagnostics.access_denied.pasted.fixes.caller_arn import NOBODY
from diagnostics.access_denied.pasted.fixes.place import place_of
from diagnostics.access_denied.pasted.malformed_arns import MalformedArn
from diagnostics.fix import Fix
from diagnostics.text.near_pairs.similarity import Resemblance
from diagnostics.who import OWNERS, Who
from iam.claims import Keys
from iam.policy.decision import Fault, NearMiss
from iam.policy.request import Request


@dataclass(frozen=True, slots=True)
class Closest:
    """The closest statement ``near``, and the request that it does not allow.

    ``word`` is the layer's word in cause codes, ``keys`` are the known condition keys, ``named`` the statements'
    resources as in the text. ``malformed`` is an ARN of the statement that AWS's type of resource cannot have,
    ``alike`` a resource of the statement whose name resembles the request's.
    """

    near: NearMiss
    request: Request
    word: str
    keys: Keys
    named: Collection[str]
    malformed: MalformedArn | None
    alike: Resemblance | None

    @property
    def by_name(self) -> bool:
        """Whether the statement names resources other than the request's."""
        return self.near.fault is Fault.RESOURCE_MISMATCH and self.near.element != "NotResource"

    @property
    def which(self) -> str:
        return statement_words(self.near)

    @property
    def owner(self) -> Who:
        """Who can change the policy."""
        return OWNERS.get(self.word, Who.ACCOUNT_ADMIN)

    @property
    def place(self) -> str:
        """Where the policy is changed."""
        known = self.word == "identity" and self.request.principal not in (None, NOBODY)
        return place_of(self.request.principal or "") if known else "the policy in the text"


@dataclass(frozen=True, slots=True)
class Lack:
    """What the statement lacks, where that differs from the near miss.

    ``more`` follows the words ``lacks``; None means the near miss's words. ``fault`` is the last part of the cause
    code; None means the near miss's. ``inner`` is a resource to add to the statement. ``near`` is the near miss with
    other conditions. ``settles_name``: a similar name in the statement is not the cause.
    """

    more: str = ""
    lacks: str | None = None
    fault: str | None = None
    fix: Fix | None = None
    inner: str = ""
    near: NearMiss | None = None
    settles_name: bool = False


Rule = Callable[[Closest], Lack | None]
"""A rule that returns None if it does not apply to the statement."""
