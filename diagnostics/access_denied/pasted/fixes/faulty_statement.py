"""The closest statement of a policy in the text, and the request that it does not allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from diagnostics.access_denied.near_misses import statement_words
from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS
from diagnostics.access_denied.pasted.fixes.caller_arn import NOBODY
from diagnostics.access_denied.pasted.fixes.place import place_of
from diagnostics.fix import Fix
from diagnostics.who import OWNERS, Who
from iam.claims import Keys, Source, Sourced, Values
from iam.policy.compiled import wildcard_only
from iam.policy.decision import ConditionFailure, NearMiss
from iam.policy.operators import operator
from iam.policy.request import Request


@dataclass(frozen=True, slots=True)
class FaultyStatement:
    """The closest statement ``near``, and the reason ``fault`` why it does not allow the request.

    ``fits``: the statement would allow the request if it named the action. ``may_fit``: only conditions with unknown
    keys can prevent that. ``stranger``: the statement does not name the caller either, so it would not allow the
    request. ``inner`` is a resource to add to the statement.
    """

    near: NearMiss
    fault: str
    action: str
    word: str
    request: Request
    keys: Keys
    fits: bool = False
    may_fit: bool = False
    stranger: bool = False
    inner: str = ""

    @property
    def which(self) -> str:
        return statement_words(self.near)

    @property
    def owner(self) -> Who:
        """Who can change the policy."""
        return Who.RESOURCE_OWNER if self.word == "trust" else OWNERS.get(self.word, Who.ACCOUNT_ADMIN)

    @property
    def on(self) -> str:
        """The resource of the request; a phrase if the call does not name one."""
        named = self.request.resource != "*" or wildcard_only(self.action)
        return self.request.resource if named else "the resource of the call"

    @property
    def place(self) -> str:
        """Where the policy is changed."""
        if self.word == "identity" and self.request.principal not in (None, NOBODY):
            return place_of(self.request.principal or "")
        kind = LAYERS_IN_WORDS.get(self.word, "trust policy" if self.word == "trust" else "policy")
        return f"the {kind} in the text"

    @property
    def condition(self) -> ConditionFailure:
        """The first of the conditions that are not met, if there are any."""
        return self.near.conditions[0]

    @property
    def value(self) -> Sourced[Values] | None:
        """The request's value for the condition's key, with its source."""
        return self.keys.get(self.condition.key)

    @property
    def passing(self) -> tuple[str, ...]:
        """The values that meet the condition; empty if the condition excludes values."""
        parts = operator(self.condition.operator)
        return () if parts is None or parts.negated else self.condition.wanted

    @property
    def never_sent(self) -> bool:
        """Whether, according to AWS's lists, no such request contains the condition's key."""
        had = self.value
        return self.condition.had == () and had is not None and had.source is Source.DEFAULT


Rule = Callable[[FaultyStatement], Fix | None]
"""A rule that returns None if it does not apply to the statement."""
