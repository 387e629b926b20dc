"""Compute what a change to policies newly allows and newly denies for one principal, over all layers.

A decision can change only if a changed statement matches (`reach`). So the actions and resources of the changed
statements are divided by the elements of every layer (`pieces`). For each piece, one request is compared before and
after (`sides`), for every possible value of its unknown keys (`worlds`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from iam.account import Account, Role, User
from iam.key_presence import key_presence
from iam.policy.principal import WITH_IDENTITY, caller
from iam.policy.request import Policies, Request
from iam.policy.statements import ConditionBlock
from iam.questions.action_classes import classes, named_by
from iam.questions.catalogue import catalogue
from iam.questions.change.pieces import compare_part
from iam.questions.change.placed import has_variables
from iam.questions.change.reach import granting, reaches
from iam.questions.change.sides import KEY_POLICY, RESOURCE_POLICY, TRUST_POLICY, Effect, Sides
from iam.questions.change.unknown_values import Unknown

__all__ = [
    "KEY_POLICY",
    "KINDS",
    "RESOURCE_POLICY",
    "TRUST_POLICY",
    "AccessChange",
    "AccessChanges",
    "Changed",
    "access_change",
]


@dataclass(frozen=True, slots=True)
class Changed:
    """A set of actions on a resource for which the decision changes.

    ``actions`` is a bit mask. ``rolescope-probe`` in ``resource`` represents any name; ``pattern`` is the same with
    wildcards, and matches all resources with the same change. ``witness`` is the full name of one such resource.
    ``conditions`` and ``unless`` are conditions on unknown keys: the decision changes if all of ``conditions`` and none
    of ``unless`` are met.
    """

    resource: str
    actions: int = field(repr=False)
    pattern: str = field(default="", compare=False)
    witness: str = field(default="", compare=False)
    conditions: tuple[ConditionBlock, ...] = ()
    unless: tuple[ConditionBlock, ...] = ()
    provided: str = ""
    """The unread policy that must also allow the request or may deny it; "" if there is none.

    The ID of the account that owns the resource, `KEY_POLICY` or `TRUST_POLICY`: it must also allow; `RESOURCE_POLICY`:
    it may deny.
    """
    request: Request | None = field(default=None, compare=False)
    """One request for which the decision changes; None if its values cannot be determined."""

    def names(self) -> tuple[str, ...]:
        return tuple(catalogue().actions(self.actions))


@dataclass(frozen=True, slots=True)
class AccessChange:
    """How a change to policies affects access.

    ``newly_allowed`` are requests that were denied under all conditions, and are possible now; ``newly_denied`` is the
    reverse. ``loosened`` are requests that were possible only under conditions, and are possible now without those
    conditions or under other ones; ``tightened`` is the reverse. ``fully_computed`` is False if there may be more
    effects.
    """

    newly_allowed: tuple[Changed, ...] = ()
    newly_denied: tuple[Changed, ...] = ()
    loosened: tuple[Changed, ...] = ()
    tightened: tuple[Changed, ...] = ()
    fully_computed: bool = True

    def __bool__(self) -> bool:
        found = self.newly_allowed or self.newly_denied or self.loosened or self.tightened
        return bool(found) or not self.fully_computed


KINDS = ("newly_allowed", "newly_denied", "loosened", "tightened")


_BY_TOKEN = ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
"""Actions of callers that do not have AWS credentials yet."""


def access_change(
    before: Policies,
    after: Policies,
    request: Request,
    account: Account,
    *,
    entity: Role | User | None = None,
    resources: Iterable[str] = (),
    but: Mapping[str, frozenset[str]] | None = None,
    unknown: Unknown | None = None,
) -> AccessChange:
    """Return how a different set of policies changes access for the request's principal (role, user or session).

    The request's context applies to every comparison. The ``resource`` policy is the policy of the request's resource;
    if there is none, the request's resource and action are ignored. ``resources`` are also compared by name. Resources
    are considered in the request's account, in the accounts that statements name, and in any other account if
    statements distinguish it from the request's; resources of further accounts are treated alike, provided that their
    account allows it. ``but`` maps keys (in lower case) to values that they do not have; ``unknown`` describes keys
    without a value, if the principal represents others. Raises `PolicyError` for a document that cannot be evaluated.
    """
    if but:
        presence = key_presence(caller(request.principal).kind, entity, account)
        unknown = Unknown(presence, since=int(account.now.timestamp()), but=but)
    return _change(Sides(before, after, request, account, entity, unknown), tuple(resources))


class AccessChanges:
    """Compares policies for many principals of an account.

    Principals that the policies cannot distinguish are compared once.
    """

    def __init__(self, account: Account, resource: str = "*") -> None:
        self._account, self._resource = account, resource
        self._known: dict[object, AccessChange] = {}

    def of(self, entity: Role | User, before: Policies, after: Policies) -> AccessChange:
        """Return how access changes for a role or user.

        ``before.resource`` is the policy of the resource that all comparisons are about. Raises `PolicyError`.
        """
        request = Request(entity.arn, "*", self._resource)
        sides = Sides(before, after, request, self._account, entity, None)
        alike = _alike(sides)
        change = self._known.get(alike)
        if change is None:
            change = self._known[alike] = _change(sides, ())
        return change


def _change(sides: Sides, resources: tuple[str, ...]) -> AccessChange:
    felt, granted = 0, 0
    found_reaches = reaches(sides)
    for reach in found_reaches:
        felt |= reach.actions
    for placed in granting(sides):
        granted |= named_by(placed.one)
    if sides.who.kind in WITH_IDENTITY:
        felt &= ~catalogue().set_of(_BY_TOKEN)
    found = _Found()
    complete = True
    # Nothing changes for actions that neither side grants: a guardrail names far more actions than anyone is granted.
    for part in classes(felt & granted, dict.fromkeys(named_by(placed.one) for placed in sides.placed)):
        bases = dict.fromkeys(text for reach in found_reaches if reach.actions & part for text in reach.patterns)
        complete = compare_part(sides, part, tuple(bases), resources, found.record) and complete
    return found.change(complete and sides.complete)


class _Found:
    """Effects grouped by kind, resource and conditions, each with its actions."""

    def __init__(self) -> None:
        self._kinds: dict[str, dict[object, Changed]] = {kind: {} for kind in KINDS}

    def record(self, effect: Effect, actions: int, resource: str, pattern: str, witness: str) -> None:
        found, place = self._kinds[effect.kind], (resource, effect.way, effect.provided)
        request = effect.request
        if had := found.get(place):
            actions, pattern, witness, request = actions | had.actions, had.pattern, had.witness, had.request
        met, unmet = effect.way.met, effect.way.unmet
        found[place] = Changed(resource, actions, pattern, witness, met, unmet, effect.provided, request)

    def change(self, complete: bool) -> AccessChange:
        found = {kind: tuple(its.values()) for kind, its in self._kinds.items()}
        return AccessChange(**found, fully_computed=complete)


def _alike(sides: Sides) -> object:
    """Return a cache key: everything that the comparison depends on, equal for principals with the same result."""
    places = [{place: frozenset(found) for place, found in side.items()} for side in sides.places]
    statements = {one for side in places for found in side.values() for _, one in found}
    keys = {block.key for one in statements for block in one.conditions}
    known = frozenset((key, sides.known.lookup(key), sides.unknown.presence(key.lower())) for key in keys)
    by_name = (sides.before.resource or sides.after.resource) or any(has_variables(one) for one in statements)
    return (
        tuple(tuple(side.items()) for side in places),
        (sides.before.unread, sides.after.unread),
        (sides.who.kind, sides.who.service_linked),
        known,
        sides.request.principal if by_name else None,
    )
