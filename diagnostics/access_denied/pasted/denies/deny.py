"""A Deny statement that matches the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS
from diagnostics.fix import Fix
from diagnostics.who import OWNERS, Who
from iam.claims import Keys
from iam.policy.explain import DenyingStatement, MetCondition
from iam.policy.request import Request


@dataclass(frozen=True, slots=True)
class Deny:
    """A Deny statement ``first`` that matches the request.

    ``word`` is the layer's word in cause codes, ``keys`` are the known condition keys. ``never``: no such request
    contains the keys that the statement requires. ``by_assume_root``: the text says that the call has a session of
    sts:AssumeRoot.
    """

    first: DenyingStatement
    request: Request
    word: str
    keys: Keys
    never: bool = False
    by_assume_root: bool = False

    @property
    def which(self) -> str:
        return f"statement {self.first.sid or self.first.statement + 1}"

    @property
    def covers(self) -> Mapping[str, Sequence[str]]:
        """The statement's exceptions (``NotAction``, ``NotResource`` and ``NotPrincipal``) in words."""
        return dict(self.first.covers)

    @property
    def conditions(self) -> Sequence[MetCondition]:
        return self.first.conditions

    @property
    def service(self) -> str:
        """The prefix of the action."""
        return self.request.action.partition(":")[0]

    @property
    def owner(self) -> Who:
        """Who can change the policy."""
        return OWNERS.get(self.word, Who.ACCOUNT_ADMIN)

    @property
    def place(self) -> str:
        """Where the policy is changed."""
        return f"the {LAYERS_IN_WORDS.get(self.word, 'policy')} in the text"


Rule = Callable[[Deny], Fix | None]
"""A rule that returns None if it does not apply to the statement."""
