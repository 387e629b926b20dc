"""The effects of a change as values: which principals, actions, resources and conditions it affects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # not imported at run time: modules that compare nothing use these values too
    from iam.policy.request import Request
    from iam.policy.statements import ConditionBlock
    from iam.questions.change.compare import AccessChange


class EffectKind(StrEnum):
    """The kinds of effects. They are named like the fields of `AccessChange`."""

    NEWLY_ALLOWED = "newly_allowed"
    NEWLY_DENIED = "newly_denied"
    LOOSENED = "loosened"
    TIGHTENED = "tightened"


ANOTHER_ACCOUNT = "another-account"
"""Represents the account ID of any account that no policy names."""
ANYBODY = "*"
"""Represents callers without AWS credentials."""
GAINS = (EffectKind.NEWLY_ALLOWED, EffectKind.LOOSENED)
LOSSES = (EffectKind.NEWLY_DENIED, EffectKind.TIGHTENED)


@dataclass(frozen=True, slots=True)
class AccessEffect:
    """An effect of a change on ``principals``, which are ARNs or service names.

    ``rolescope-probe`` in a principal or resource represents any name; ``witness`` is an example of such a resource.
    The effect occurs if the ``conditions`` are met and those in ``unless`` are not.
    """

    kind: EffectKind
    principals: tuple[str, ...]
    action: str
    resource: str
    witness: str = ""
    conditions: tuple[ConditionBlock, ...] = ()
    unless: tuple[ConditionBlock, ...] = ()
    other_than: str = ""
    """A condition key that has another value in the denied request; "" if there is none."""
    provided: str = ""
    """A policy that was not read and must allow the access too; see `iam.questions.change.compare.Changed`."""
    any_region: bool = False
    """Whether the Region in ``resource`` represents every Region."""
    sample: Request | None = field(default=None, compare=False)
    """A request that the change affects, with this action or another one with the same effect."""

    @property
    def request(self) -> Request | None:
        """A request with this action that the change affects; None if its values cannot be determined."""
        return self.sample and replace(self.sample, action=self.action)


@dataclass(frozen=True, slots=True)
class Effects:
    """The effects of a change.

    ``fully_computed`` is False if there may be more. ``uncounted`` is the number of principals that were not checked.
    ``uncovered`` are parts of policies that were not taken into account.
    """

    found: tuple[AccessEffect, ...] = ()
    fully_computed: bool = True
    uncounted: int = 0
    uncovered: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.found) or not self.complete

    @property
    def complete(self) -> bool:
        return self.fully_computed and not self.uncounted and not self.uncovered

    def of(self, *kinds: EffectKind) -> tuple[AccessEffect, ...]:
        return tuple(one for one in self.found if one.kind in kinds)


NOTHING_ELSE = Effects()
NOT_COMPUTED = Effects(fully_computed=False)


def effects_of(change: AccessChange, principal: str) -> Effects:
    """Return the effects of a change on one principal, one for each action."""
    found: list[AccessEffect] = []
    for kind in EffectKind:
        for one in getattr(change, kind.value):
            every = "*" in "".join(one.pattern.split(":", 4)[3:4])
            shared = (one.resource, one.witness, one.conditions, one.unless, "", one.provided, every, one.request)
            found += [AccessEffect(kind, (principal,), action, *shared) for action in one.names()]
    return Effects(tuple(found), change.fully_computed)


def together(several: Iterable[Effects]) -> Effects:
    """Combine the effects on several principals; equal effects are merged into one that lists all their principals."""
    firsts: dict[tuple[object, ...], AccessEffect] = {}
    whom: dict[tuple[object, ...], dict[str, None]] = {}
    complete, uncounted, uncovered = True, 0, dict[str, None]()
    for effects in several:
        complete = complete and effects.fully_computed
        uncounted += effects.uncounted
        uncovered |= dict.fromkeys(effects.uncovered)
        for one in effects.found:
            where = one.action, one.resource, one.any_region, one.provided
            meaning = (one.kind, *where, one.conditions, one.unless, one.other_than)
            if (first := firsts.setdefault(meaning, one)) is not one:
                whom.setdefault(meaning, dict.fromkeys(first.principals)).update(dict.fromkeys(one.principals))
    found = tuple(
        replace(one, principals=tuple(whom[meaning])) if meaning in whom else one for meaning, one in firsts.items()
    )
    return Effects(found, complete, uncounted, tuple(uncovered))
