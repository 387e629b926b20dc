"""What a change to policies newly allows and newly denies for one principal, over all statements of all layers.

Only where a changed statement matches can a decision change (`reach`). So its actions, and of the resources that they
take those that it names, are cut along the elements of every layer (`pieces`), and of each piece one request is
compared before and after (`sides`), for every value that its unknown keys may have (`worlds`).
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
from iam.questions.change.worlds import Unknown

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
    """A set of actions on a resource.

    ``rolescope-probe`` in it represents any name; ``pattern`` is the same with wildcards, within which all lies that is
    changed alike. ``witness`` is one such resource by its full name, of which the engine decides otherwise where the
    ``conditions`` are met and those of ``unless`` are not: conditions whose keys nobody told.
    """

    resource: str
    actions: int = field(repr=False)
    pattern: str = field(default="", compare=False)
    witness: str = field(default="", compare=False)
    conditions: tuple[ConditionBlock, ...] = ()
    unless: tuple[ConditionBlock, ...] = ()
    provided: str = ""
    """What must allow it too and was not read: the number of the account that owns the resource, `KEY_POLICY`, or
    `TRUST_POLICY`; or what may deny it and was not read: `RESOURCE_POLICY`."""
    request: Request | None = field(default=None, compare=False)
    """One request that is decided otherwise; None where its values cannot be given."""

    def names(self) -> tuple[str, ...]:
        return tuple(catalogue().actions(self.actions))


@dataclass(frozen=True, slots=True)
class AccessChange:
    """``newly_allowed`` is what no condition could make allowed before and is possible now, ``newly_denied`` the
    reverse; ``loosened`` is what was possible under conditions and now is without, or under others, ``tightened`` the
    reverse. Where ``fully_computed`` is False, there may be more.
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
"""Actions of callers who have no AWS credentials yet."""


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
    """What another set of policies changes for the request's principal (role, user or session).

    The request's context is given to every question. Its resource is the one whose policy ``resource`` is; otherwise
    it and the action play no part. ``resources`` are asked for by name too. Resources are counted in the request's
    account, in the accounts that statements name, and in any other account where statements tell it from the request's;
    elsewhere other accounts' resources are decided alike, provided that their account allows it. ``but`` are values
    that keys (in lower case) do not have; ``unknown`` is what is known of keys without a value, where the principal
    represents others. Raises `PolicyError` for a document that cannot be evaluated.
    """
    if but:
        presence = key_presence(caller(request.principal).kind, entity, account)
        unknown = Unknown(presence, since=int(account.now.timestamp()), but=but)
    return _change(Sides(before, after, request, account, entity, unknown), tuple(resources))


class AccessChanges:
    """The comparisons of many principals of an account.

    Principals whom neither the policies nor what is known of them tell apart are compared once.
    """

    def __init__(self, account: Account, resource: str = "*") -> None:
        self._account, self._resource = account, resource
        self._known: dict[object, AccessChange] = {}

    def of(self, entity: Role | User, before: Policies, after: Policies) -> AccessChange:
        """What changes for a role or user. ``resource`` is the one whose policy `before` has. Raises `PolicyError`."""
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
    # Of what nothing grants, on neither side, nothing changes: a guardrail names far more than anybody has.
    for part in classes(felt & granted, dict.fromkeys(named_by(placed.one) for placed in sides.placed)):
        bases = dict.fromkeys(text for reach in found_reaches if reach.actions & part for text in reach.patterns)
        complete = compare_part(sides, part, tuple(bases), resources, found.record) and complete
    return found.change(complete and sides.complete)


class _Found:
    """Effects by what they say, with the actions of which it is said."""

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
    """What the answer depends on: the same for two principals whose answer is the same."""
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
