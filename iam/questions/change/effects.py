"""Effects of a change as values: who gains or loses which action on what, under which conditions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the values serve those that compare nothing
    from iam.policy.request import Request
    from iam.policy.statements import ConditionBlock
    from iam.questions.change.compare import AccessChange


class EffectKind(StrEnum):
    """The kinds of `AccessChange`, by its names."""

    NEWLY_ALLOWED = "newly_allowed"
    NEWLY_DENIED = "newly_denied"
    LOOSENED = "loosened"
    TIGHTENED = "tightened"


ANOTHER_ACCOUNT = "another-account"
"""In place of an account's number: any account that no policy names."""
ANYBODY = "*"
"""Stands for callers without AWS credentials."""
GAINS = (EffectKind.NEWLY_ALLOWED, EffectKind.LOOSENED)
LOSSES = (EffectKind.NEWLY_DENIED, EffectKind.TIGHTENED)


@dataclass(frozen=True, slots=True)
class AccessEffect:
    """What changes for ``principals`` (ARNs, or the names of services).

    ``rolescope-probe`` in a principal or resource represents any name; ``witness`` is one such resource. ``conditions``
    are those that must be met for it, ``unless`` those that must not.
    """

    kind: EffectKind
    principals: tuple[str, ...]
    action: str
    resource: str
    witness: str = ""
    conditions: tuple[ConditionBlock, ...] = ()
    unless: tuple[ConditionBlock, ...] = ()
    other_than: str = ""
    """A condition key of which the request that was refused has another value."""
    provided: str = ""
    """What must allow it too and was not read; see `iam.questions.change.compare.Changed`."""
    any_region: bool = False
    """Whether the Region of ``resource`` stands for every Region."""
    sample: Request | None = field(default=None, compare=False)
    """A request that is decided otherwise, of this action or of another to which the same happens."""

    @property
    def request(self) -> Request | None:
        """One request of the action that is decided otherwise; None where its values cannot be given."""
        return self.sample and replace(self.sample, action=self.action)


@dataclass(frozen=True, slots=True)
class Effects:
    """``fully_computed`` is False where there may be more; ``uncounted`` is how many principals were not looked at,
    ``uncovered`` are texts of the policies that were not taken into account.
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
    """The effects of a change for one principal, an action each."""
    found: list[AccessEffect] = []
    for kind in EffectKind:
        for one in getattr(change, kind.value):
            every = "*" in "".join(one.pattern.split(":", 4)[3:4])
            shared = (one.resource, one.witness, one.conditions, one.unless, "", one.provided, every, one.request)
            found += [AccessEffect(kind, (principal,), action, *shared) for action in one.names()]
    return Effects(tuple(found), change.fully_computed)


def together(several: Iterable[Effects]) -> Effects:
    """Those of several principals, with the principals of the same effect in one."""
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
