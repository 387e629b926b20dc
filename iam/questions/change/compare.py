"""What a change to policies newly allows and newly denies for one principal, over all statements of all layers.

Only where a changed statement matches can a decision change. So its actions, and of the resources that they take those
that it names, are cut along the elements of every layer (`iam.policy.arn_regions`), and of each piece one request is
compared before and after, for every value that conditions on unknown keys may have (`iam.policy.guards`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from iam import service_reference
from iam.account import Account, Role, User
from iam.frozen import field, frozen, mutable, replace
from iam.key_presence import key_presence
from iam.policy.compiled import Asked, CompiledStatement
from iam.policy.condition_keys import known_absent
from iam.policy.decision import Layer
from iam.policy.evaluate import ready
from iam.policy.match import resource_matcher
from iam.policy.principal import WITH_IDENTITY, Kind, Named, caller
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.statements import ConditionBlock, Statement
from iam.questions.access_question import AccessQuestion, applicable_policies
from iam.questions.action_classes import classes, named_by
from iam.questions.catalogue import PROBE, catalogue, first
from iam.service_reference import ResourceType

if TYPE_CHECKING:
    from iam.policy.arn_regions import Cutter, Piece
    from iam.policy.guards import Guard, Truth


@frozen
class Changed:
    """A set of actions on a resource. ``rolescope-probe`` in it stands for any name; ``pattern`` is the same with
    wildcards, within which all lies that is changed alike. ``witness`` is one such resource by its full name, of which
    the engine decides otherwise where the ``conditions`` are met and those of ``unless`` are not: conditions whose keys
    nobody told."""

    resource: str
    actions: int = field(repr=False)
    pattern: str = field(default="", compare=False)
    witness: str = field(default="", compare=False)
    conditions: tuple[ConditionBlock, ...] = ()
    unless: tuple[ConditionBlock, ...] = ()

    def names(self) -> tuple[str, ...]:
        return tuple(catalogue().actions(self.actions))


@frozen
class AccessChange:
    """``newly_allowed`` is what no condition could make allowed before and is possible now, ``newly_denied`` the
    reverse; ``loosened`` is what was possible under conditions and now is without, or under others, ``tightened`` the
    reverse. Where ``fully_computed`` is False, there may be more."""

    newly_allowed: tuple[Changed, ...] = ()
    newly_denied: tuple[Changed, ...] = ()
    loosened: tuple[Changed, ...] = ()
    tightened: tuple[Changed, ...] = ()
    fully_computed: bool = True

    def __bool__(self) -> bool:
        found = self.newly_allowed or self.newly_denied or self.loosened or self.tightened
        return bool(found) or not self.fully_computed


KINDS = ("newly_allowed", "newly_denied", "loosened", "tightened")


def access_change(
    before: Policies,
    after: Policies,
    request: Request,
    account: Account,
    *,
    entity: Role | User | None = None,
    resources: Iterable[str] = (),
    false: frozenset[Guard] = frozenset(),
) -> AccessChange:
    """What another set of policies changes for the request's principal (role, user or session).

    The request's context is given to every question. Its resource is the one whose policy ``resource`` is; otherwise
    it and the action play no part. ``resources`` are told besides by name. Resources are counted in the request's
    account, and in the accounts that statements name. ``false`` are values that keys do not have. Raises
    `PolicyError` for a document that cannot be evaluated.
    """
    return _Comparison(before, after, request, account, entity, false).made(tuple(resources))


class AccessChanges:
    """The comparisons of many principals of an account. Those that neither the policies nor what is known of them tell
    apart are compared once."""

    def __init__(self, account: Account, resource: str = "*") -> None:
        self._account, self._resource = account, resource
        self._known: dict[object, AccessChange] = {}

    def of(self, entity: Role | User, before: Policies, after: Policies) -> AccessChange:
        """What changes for a role or user. ``resource`` is the one whose policy `before` has. Raises `PolicyError`."""
        request = Request(entity.arn, "*", self._resource)
        comparison = _Comparison(before, after, request, self._account, entity, frozenset())
        alike = comparison.alike()
        change = self._known.get(alike)
        if change is None:
            change = self._known[alike] = comparison.made(())
        return change


_Outcome = tuple[tuple[str, "Truth"], ...]
_Place = tuple[Layer, object]
_Places = dict[_Place, dict[tuple[str, Statement], CompiledStatement]]
"""The statements by where they stand, and by what they mean under the document's version."""


@frozen
class _Placed:
    """A statement, where it stands, and on which sides of the change."""

    place: _Place
    one: CompiledStatement
    before: bool
    after: bool

    @property
    def changed(self) -> bool:
        return self.before is not self.after


@frozen
class _Reach:
    """Actions and patterns of resources that a change of a statement can be felt in."""

    actions: int
    patterns: tuple[str, ...]


@mutable
class _Cut:
    """Actions that no statement tells apart, on the resources that ``bases`` name, as far as they are cut: ``told`` of
    everything of a type, the ``outcomes`` of what statements match alike, and where nothing changes for a resource that
    no statement names."""

    cutter: Cutter
    bases: tuple[str, ...]
    told: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    outcomes: dict[object, _Outcome] = field(default_factory=dict)
    unfelt: set[tuple[str, str]] = field(default_factory=set)


class _Comparison:
    def __init__(
        self,
        before: Policies,
        after: Policies,
        request: Request,
        account: Account,
        entity: Role | User | None,
        false: frozenset[Guard],
    ) -> None:
        self._false = false
        self._before, self._after = before, after
        self._request, self._account, self._entity = request, account, entity
        self._question = AccessQuestion("*", "*", account, request.context, request.resource_account)
        self._absent = known_absent(key_presence(caller(request.principal).kind, entity, account))
        self._who = caller(request.principal)
        own = _governed(request.resource) if before.resource or after.resource else ()
        self._own = {pattern: resource_matcher(pattern) for pattern in own}
        self._owner = request.resource_account or account.id
        self._known = Asked(self._asked("*", f"arn:{account.partition}:*:*:{self._owner}:*"))
        self._was, self._now = _places(before, self._known), _places(after, self._known)
        self._placed = list(_all_placed(self._was, self._now))
        self._found: dict[str, dict[object, Changed]] = {kind: {} for kind in KINDS}
        self._whole = True

    def made(self, resources: tuple[str, ...]) -> AccessChange:
        reaches = self._reaches()
        felt, granted = 0, 0
        for reach in reaches:
            felt |= reach.actions
        for placed in self._granting():
            granted |= named_by(placed.one)
        # Of what nothing grants, on neither side, nothing changes: a guardrail names far more than anybody has.
        for part in classes(felt & granted, dict.fromkeys(named_by(placed.one) for placed in self._placed)):
            bases = dict.fromkeys(text for reach in reaches if reach.actions & part for text in reach.patterns)
            self._part(part, tuple(bases), resources)
        found = {kind: tuple(its.values()) for kind, its in self._found.items()}
        return AccessChange(**found, fully_computed=self._whole)

    def alike(self) -> object:
        """What the answer hangs on: the same for two principals whose answer is the same."""
        sides = [{place: frozenset(found) for place, found in side.items()} for side in (self._was, self._now)]
        statements = {one for side in sides for found in side.values() for _, one in found}
        keys = {block.key for one in statements for block in one.conditions}
        told = frozenset((key, self._known.lookup(key), self._absent(key.lower())) for key in keys)
        by_name = (self._before.resource or self._after.resource) or any(_has_variables(one) for one in statements)
        return (
            tuple(tuple(side.items()) for side in sides),
            (self._before.unread, self._after.unread),
            (self._who.kind, self._who.service_linked),
            told,
            self._request.principal if by_name else None,
        )

    def _reaches(self) -> list[_Reach]:
        """Outside of these nothing can change."""
        if self._was.keys() == self._now.keys() and self._before.unread == self._after.unread:
            return list(self._of_changed([placed for placed in self._placed if placed.changed]))
        # A layer has come or gone: whatever is granted may change.
        return [self._whole_of(placed.one) for placed in self._granting()]

    def _granting(self) -> list[_Placed]:
        """The statements by which the principal may have something. The root user has all without one."""
        if self._who.kind is Kind.ROOT:
            return self._placed
        layers = (Layer.IDENTITY, Layer.RESOURCE)
        return [placed for placed in self._placed if placed.place[0] in layers and not placed.one.deny]

    def _of_changed(self, changed: list[_Placed]) -> Iterator[_Reach]:
        """Of a statement of which only the actions or only the resources are others, what was put in or taken out."""
        come = [placed for placed in changed if placed.after]
        for gone in (placed for placed in changed if placed.before):
            for new in come:
                reach = self._between(gone.one, new.one) if gone.place == new.place else None
                if reach is not None:
                    come.remove(new)
                    yield reach
                    break
            else:
                yield self._whole_of(gone.one)
        yield from (self._whole_of(placed.one) for placed in come)

    def _between(self, old: CompiledStatement, new: CompiledStatement) -> _Reach | None:
        was, now = (_meaning(one, self._known) for one in (old, new))
        assert was is not None and now is not None
        if replace(was, action=None, not_action=None) == replace(now, action=None, not_action=None):
            return _Reach(named_by(old) ^ named_by(new), self._bases(old))
        same_kind = (was.resource is None, was.not_resource is None) == (now.resource is None, now.not_resource is None)
        others = replace(was, resource=None, not_resource=None) == replace(now, resource=None, not_resource=None)
        if not same_kind or not others:
            return None
        ours, theirs = self._patterns(old), self._patterns(new)
        return _Reach(named_by(old), tuple(text for text in (*ours, *theirs) if (text in ours) != (text in theirs)))

    def _whole_of(self, one: CompiledStatement) -> _Reach:
        return _Reach(named_by(one), self._bases(one))

    def _part(self, part: int, bases: tuple[str, ...], resources: tuple[str, ...]) -> None:
        """What changes for actions that no statement tells apart."""
        if part & catalogue().without_resource:
            for each in self._outcome(part, "*"):
                self._record(each, part, "*", "*", "*")
            return
        naming = [placed for placed in self._placed if named_by(placed.one) & part]
        settled = [
            text for placed in naming if self._settles(placed) for text in self._patterns(placed.one, open_too=False)
        ]
        if not all(text.strip("*") for text in settled):
            return
        from iam.policy.arn_regions import Cutter  # slow to import, and a change may be felt nowhere

        region = self._account.region or "us-east-1"
        places = _regions_named(placed.one for placed in naming)
        cutter = Cutter(self._elements(naming), PROBE, region, settled, places)
        cut = _Cut(cutter, bases)
        accounts = tuple(dict.fromkeys((self._owner, *filter(None, map(_account_named, bases)))))
        for kind, actions in _by_type(part):
            for resource in resources:
                if resource != "*" and kind.fits(resource):
                    for each in self._outcome(actions, resource):
                        self._record(each, actions, resource, resource, resource)
            for account in accounts:
                self._in_account(kind, account, actions, cut)

    def _in_account(self, kind: ResourceType, account: str, actions: int, cut: _Cut) -> None:
        """What changes on the resources of a type in an account, piece by piece."""
        from iam.policy.arn_regions import TooTangled, meet, space, within

        try:
            everything = space(kind, self._account.partition, account)
            regions = dict.fromkeys(each for text in cut.bases for each in meet(everything, text))
        except TooTangled:
            self._whole = False
            return
        apart = _apart(kind) is not None
        like = account, everything.split(":", 4)[3]
        unnamed = not apart and tuple(regions) == (everything,) and not cut.cutter.is_near(everything)
        if unnamed and like in cut.unfelt:
            return
        pieces, whole = cut.cutter.cut(regions)
        self._whole = self._whole and whole
        recorded: dict[object, list[Piece]] = {}
        for piece in pieces:
            witness, outcome = self._decided(piece, account, actions, cut, apart=apart)
            for each in outcome:
                of_kind = recorded.setdefault(each, [])
                if any(within(other.region, piece.filled) for other in of_kind):
                    continue
                of_kind.append(piece)
                left = actions
                if piece.region == everything:
                    left, cut.told[each[0]] = actions & ~cut.told[each[0]], cut.told[each[0]] | actions
                if left:
                    self._record(each, left, cut.cutter.said(piece, witness), piece.pattern, witness)
        if unnamed and not recorded and self._whole:
            cut.unfelt.add(like)

    def _decided(self, piece: Piece, account: str, actions: int, cut: _Cut, *, apart: bool) -> tuple[str, _Outcome]:
        """A resource of the piece, and what changes for it. Where resources are decided ``apart`` by their type, no
        outcome stands for another's."""
        in_a_region = bool(piece.region.split(":", 4)[3])  # which tells aws:RequestedRegion
        alike = (piece.matched, account, in_a_region)
        outcome = None if apart else cut.outcomes.get(alike)
        if outcome == ():
            return "", ()
        witness = cut.cutter.witness(piece)
        if witness is None:
            self._whole = False
            return "", ()
        if outcome is None:
            outcome = self._outcome(actions, witness)
            if not apart:
                cut.outcomes[alike] = outcome
        return witness, outcome

    def _settles(self, placed: _Placed) -> bool:
        """Whether a statement denies for good what it names, before and after."""
        layers = [Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION]
        if not self._who.service_linked:
            layers.append(Layer.SCP)
        one = placed.one
        denies = one.deny and not one.conditions and one.resource is not None and not one.resource.negated
        return (
            denies and placed.before and placed.after and self._who.kind in WITH_IDENTITY and placed.place[0] in layers
        )

    def _elements(self, naming: list[_Placed]) -> Iterator[tuple[str, ...]]:
        """What tells resources apart: the resource elements of statements, those of statements that only differ in them
        together; patterns with open variables, which may match or not."""
        if self._own:
            yield tuple(self._own)
        together: dict[object, dict[str, None]] = {}
        for placed in naming:
            one = placed.one
            if one.resource is None or self._settles(placed):
                continue
            fixed = dict.fromkeys(self._patterns(one, open_too=False))
            if one.resource.negated:
                yield tuple(fixed)
            else:
                statement = one.statement
                alike = (placed.place, one.deny, placed.before, placed.after, statement.conditions)
                whom = (statement.principal, statement.not_principal)
                together.setdefault((alike, whom), {}).update(fixed)
            for text in self._patterns(one):
                if text not in fixed:
                    yield (text,)
        yield from map(tuple, filter(None, together.values()))

    def _record(self, outcome: tuple[str, Truth], actions: int, resource: str, pattern: str, witness: str) -> None:
        kind, truth = outcome
        found, place = self._found[kind], (resource, truth)
        if had := found.get(place):
            actions, pattern, witness = actions | had.actions, had.pattern, had.witness
        found[place] = Changed(resource, actions, pattern, witness, truth.met, truth.unmet)

    def _asked(self, action: str, resource: str) -> Request:
        asked = self._question.request(self._request.principal or "*", self._entity, action, resource)
        return replace(asked, principal=self._request.principal)

    def _outcome(self, actions: int, resource: str) -> _Outcome:
        """One of the actions, compared before and after."""
        from iam.policy.guards import TooManyGuards, compared

        action = catalogue().names[first(actions)]
        before, after = (self._fitting(policies, action, resource) for policies in (self._before, self._after))
        try:
            found = compared(self._asked(action, resource), before, after, self._absent, self._false)
        except TooManyGuards:
            self._whole = False
            return ()
        kinds = (
            ("loosened" if found.before else "newly_allowed", found.gained),
            ("tightened" if found.after else "newly_denied", found.lost),
        )
        return tuple((kind, truth) for kind, truth in kinds if truth is not None)

    def _fitting(self, policies: Policies, action: str, resource: str) -> Policies:
        """The policies that have a say: another resource's own policy is another one, which nobody told."""
        own = any(matches(resource) for matches in self._own.values())
        # Every key has a policy, which leaves it to the account's identity policies unless somebody has changed that.
        if (self._own and not own) or (policies.resource is None and action.startswith("kms:")):
            policies = replace(policies, resource=None, unread=policies.unread | {"resource"})
        return applicable_policies(policies, action, resource)

    def _patterns(self, one: CompiledStatement, *, open_too: bool = True) -> tuple[str, ...]:
        """A statement's resource patterns, with a star for each variable without a value."""
        opened = one.resource.opened(self._known.lookup, self._absent) if one.resource is not None else ()
        return tuple(text for text, is_open in opened if open_too or not is_open)

    def _bases(self, one: CompiledStatement) -> tuple[str, ...]:
        element = one.resource
        return ("*",) if element is None or element.negated or element.everything else self._patterns(one)


def _all_placed(was: _Places, now: _Places) -> Iterator[_Placed]:
    for place in dict.fromkeys((*was, *now)):
        mine, its = was.get(place, {}), now.get(place, {})
        for meaning, one in {**its, **mine}.items():
            yield _Placed(place, one, meaning in mine, meaning in its)


def _places(policies: Policies, principal: Asked) -> _Places:
    """The statements by where they stand, without those that never are about the principal; the same statement twice in
    one place says nothing more."""
    groups: list[tuple[_Place, Iterable[NamedPolicy] | None]] = [
        ((Layer.IDENTITY, None), policies.identity),
        ((Layer.RESOURCE, None), None if policies.resource is None else (policies.resource,)),
        ((Layer.BOUNDARY, None), policies.boundary),
        ((Layer.SESSION, None), policies.session),
        ((Layer.VPC_ENDPOINT, policies.vpc_endpoint_type), policies.vpc_endpoint),
        *(((Layer.SCP, number), level) for number, level in enumerate(policies.scps or ())),
        *(((Layer.RCP, number), level) for number, level in enumerate(policies.rcps or ())),
    ]
    bounded = policies.boundary is not None
    places: _Places = {}
    for place, group in groups:
        if group is None:
            continue
        found = places[place] = {}
        for policy in group:
            for one in ready(policy, place[0]).statements:
                named = one.principal is None or one.names_caller(principal, bounded) is not Named.NOT
                if named and (meaning := _meaning(one, principal)) is not None:
                    found[policy.document.version, meaning] = one
        if all_of_it := {meaning: one for meaning, one in found.items() if _allows_everything(one)}:
            # Beside it no other Allow says anything: so administrators are alike.
            places[place] = {meaning: one for meaning, one in found.items() if one.deny} | all_of_it
    return places


def _allows_everything(one: CompiledStatement) -> bool:
    unconditional = not (one.deny or one.conditions or one.principal or one.action.negated)
    everywhere = one.resource is not None and one.resource.everything and not one.resource.negated
    return unconditional and everywhere and "*" in one.action.patterns


def _meaning(one: CompiledStatement, principal: Asked) -> Statement | None:
    """The statement without its place in a document and without the conditions that the principal alone meets; None
    where one of these is false."""
    left = []
    for condition in one.conditions:
        settled = condition.key.startswith(_OF_PRINCIPAL) and not condition.templates
        if not settled or principal.lookup(condition.block.key) is None:
            left.append(condition.block)
        elif not condition.holds(principal.lookup):
            return None
    return replace(one.statement, index=0, sid=None, first_line=0, last_line=0, conditions=tuple(left))


def _has_variables(statement: Statement) -> bool:
    values = (value for block in statement.conditions for value in block.values)
    return any("${" in text for text in (*(statement.resource or ()), *(statement.not_resource or ()), *values))


_OF_PRINCIPAL = ("aws:principal", "aws:userid", "aws:username")


def _governed(resource: str) -> tuple[str, ...]:
    """What the policy of a resource has a say in: the resource, and what lies in it (a bucket's objects, a table's
    indexes, a function's versions)."""
    parts = resource.split(":", 5)
    if len(parts) < 6 or not parts[5].strip("*"):
        return ()
    if parts[2] == "s3" and not parts[4]:
        resource = resource.partition("/")[0]
    within = {"s3": "/*", "dynamodb": "/*", "lambda": ":*"}.get(parts[2])
    return (resource, f"{resource}{within}") if within else (resource,)


def _regions_named(statements: Iterable[CompiledStatement]) -> tuple[str, ...]:
    """AWS fills in the region of a request, by the resource's ARN as a rule: conditions on it tell resources apart."""
    return tuple(
        value
        for one in statements
        for condition in one.conditions
        if condition.key == "aws:requestedregion"
        for value in condition.block.values
    )


def _account_named(pattern: str) -> str | None:
    parts = pattern.split(":", 5)
    return parts[4] if len(parts) > 5 and parts[4] and "*" not in parts[4] and "?" not in parts[4] else None


def _apart(kind: ResourceType) -> str | None:
    """AWS has rules of its own for names of these services."""
    service = kind.arn.split(":", 3)[2]
    return kind.arn if service in ("iam", "kms", "sts") else None


def _by_type(actions: int) -> Iterator[tuple[ResourceType, int]]:
    """The resource types that the actions work on, those first that they need, and which of them each is for."""
    known = catalogue()
    for service in known.services_of(actions):
        start = known.services[service][0]
        for kind, taking in _types(service):
            if fit := actions & taking << start:
                yield kind, fit


@cache
def _types(service: str) -> tuple[tuple[ResourceType, int], ...]:
    """A service's resource types, each with the actions that take it, counted from the service's first."""
    start = catalogue().services[service][0]
    taking: dict[tuple[bool, int, str], tuple[ResourceType, int]] = {}
    for action in service_reference.actions(service).values():
        at = (catalogue().position(action.name) or start) - start
        for kind in action.resource_types:
            key = (kind.name not in action.required, len(kind.arn), kind.name)
            taking[key] = kind, taking.get(key, (kind, 0))[1] | 1 << at
    return tuple(taking[key] for key in sorted(taking))
