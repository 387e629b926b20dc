"""What a change to policies newly allows and newly denies, over all statements of all layers.

Only where a changed statement matches can a decision change. So its actions, and of the resources that they take those
that it names, are cut along every pattern of every layer (`iam.policy.access_change`), and of each piece one request is
decided before and after. Conditions whose keys nobody told are opaque: compared where equal, named where not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from iam import service_reference
from iam.account import Account, Role, User
from iam.key_presence import key_presence
from iam.policy.access_change import Cutter, Piece, TooTangled, meet, space, within
from iam.policy.compiled import Asked, CompiledStatement
from iam.policy.decision import Layer
from iam.policy.evaluate import ready
from iam.policy.match import resource_matcher
from iam.policy.principal import Kind, caller
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.statements import ConditionBlock
from iam.policy.unknown_keys import Certainty, Possibility, certainty, possible
from iam.policy.variables import template
from iam.questions.action_classes import classes, documents_of, named_by
from iam.questions.catalogue import PROBE, catalogue, first
from iam.questions.principal_answer import Question, fitting
from iam.service_reference import ResourceType


@dataclass(frozen=True, slots=True)
class Changed:
    """A set of actions on a resource. ``rolescope-probe`` in it stands for any name. ``witness`` is one such resource
    by its full name, of which the engine decides otherwise; ``conditions`` are those that one side alone has, whose
    keys nobody told."""

    resource: str
    actions: int
    witness: str = field(default="", compare=False)
    conditions: tuple[ConditionBlock, ...] = field(default=(), compare=False)

    def names(self) -> tuple[str, ...]:
        return tuple(catalogue().actions(self.actions))


@dataclass(frozen=True, slots=True)
class AccessChange:
    """``newly_allowed`` is what no condition could make allowed before and is possible now, ``newly_denied`` the
    reverse; ``loosened`` is what was allowed under conditions and now is without, or under others, ``tightened`` the
    reverse. Where ``fully_computed`` is False, there may be more."""

    newly_allowed: tuple[Changed, ...] = ()
    newly_denied: tuple[Changed, ...] = ()
    loosened: tuple[Changed, ...] = ()
    tightened: tuple[Changed, ...] = ()
    fully_computed: bool = True

    def __bool__(self) -> bool:
        found = self.newly_allowed or self.newly_denied or self.loosened or self.tightened
        return bool(found) or not self.fully_computed


def access_change(
    before: Policies,
    after: Policies,
    request: Request,
    account: Account,
    *,
    entity: Role | User | None = None,
    resources: Iterable[str] = (),
) -> AccessChange:
    """What another set of policies changes for the request's principal (role, user or session).

    The request's context is given to every question. Its resource is the one whose policy ``resource`` is; otherwise
    it and the action play no part. ``resources`` are told besides by name. Resources are counted in the request's
    account, and in the accounts that statements name. Raises `PolicyError` for a document that cannot be evaluated.
    """
    return _Comparison(before, after, request, account, entity).made(tuple(resources))


_KINDS = ("newly_allowed", "newly_denied", "loosened", "tightened")
_Outcome = tuple[tuple[str, ...], tuple[ConditionBlock, ...]]
_Place = tuple[Layer, object]


class _Comparison:
    def __init__(
        self, before: Policies, after: Policies, request: Request, account: Account, entity: Role | User | None
    ) -> None:
        self._before, self._after = before, after
        self._request, self._account, self._entity = request, account, entity
        self._question = Question("*", "*", account, request.context, request.resource_account)
        self._presence = key_presence(caller(request.principal).kind, entity, account)
        self._documents = list({id(one): one for one in (*documents_of(before), *documents_of(after))}.values())
        self._statements = [one for document in self._documents for one in document.statements]
        own = _governed(request.resource) if before.resource or after.resource else ()
        self._own = {pattern: resource_matcher(pattern) for pattern in own}
        self._owner = request.resource_account or account.id
        self._known = Asked(self._asked("*", f"arn:{account.partition}:*:*:{self._owner}:*"))
        self._found: dict[str, dict[str, Changed]] = {kind: {} for kind in _KINDS}
        self._whole = True

    def made(self, resources: tuple[str, ...]) -> AccessChange:
        changed = self._changed()
        wanted = 0
        for one in changed:
            wanted |= named_by(one)
        for part in classes(wanted, self._documents):
            self._part(part, [one for one in changed if named_by(one) & part], resources)
        found = {kind: tuple(its.values()) for kind, its in self._found.items()}
        return AccessChange(**found, fully_computed=self._whole)

    def _changed(self) -> list[CompiledStatement]:
        """The statements outside of which nothing can change."""
        was, now = _places(self._before), _places(self._after)
        if was.keys() == now.keys() and self._before.unread == self._after.unread:
            return [
                one
                for place in was
                for mine, its in ((was[place], now[place]), (now[place], was[place]))
                for meaning, one in mine.items()
                if meaning not in its
            ]
        # A layer has come or gone: whatever is granted may change.
        if caller(self._request.principal).kind is Kind.ROOT:
            return self._statements
        granting = (Layer.IDENTITY, Layer.RESOURCE)
        return [
            one
            for (layer, _), its in (*was.items(), *now.items())
            for one in its.values()
            if layer in granting and not one.deny
        ]

    def _part(self, part: int, changed: list[CompiledStatement], resources: tuple[str, ...]) -> None:
        """What changes for actions that no statement tells apart."""
        if part & catalogue().without_resource:
            self._record(part, "*", "*", self._outcome(part, "*"))
            return
        naming = [one for one in self._statements if named_by(one) & part]
        patterns = [text for one in naming for text in self._patterns(one)]
        region = self._account.region or "us-east-1"
        cutter = Cutter((*self._own, *patterns, *_regions_named(naming)), PROBE, region)
        bases = tuple(dict.fromkeys(text for one in changed for text in self._bases(one)))
        accounts = tuple(dict.fromkeys((self._owner, *filter(None, map(_account_named, bases)))))
        told = dict.fromkeys(_KINDS, 0)
        outcomes: dict[object, _Outcome] = {}
        for kind, actions in _by_type(part):
            for resource in resources:
                if resource != "*" and kind.fits(resource):
                    self._record(actions, resource, resource, self._outcome(actions, resource))
            for account in accounts:
                try:
                    everything = space(kind, self._account.partition, account)
                    regions = dict.fromkeys(each for text in bases for each in meet(everything, text))
                except TooTangled:
                    self._whole = False
                    continue
                cut = cutter.cut(regions)
                self._whole = self._whole and cut.whole
                recorded: dict[str, list[Piece]] = {}
                for piece in cut.pieces:
                    alike = (piece.matched, account, piece.witness.split(":")[3], _apart(kind))
                    outcome = outcomes.get(alike) if alike[-1] is None else None
                    if outcome is None:
                        outcome = outcomes[alike] = self._outcome(actions, piece.witness)
                    for each in outcome[0]:
                        of_kind = recorded.setdefault(each, [])
                        if any(within(other.region, piece.filled) for other in of_kind):
                            continue
                        of_kind.append(piece)
                        left = actions
                        if piece.region == everything:
                            left, told[each] = actions & ~told[each], told[each] | actions
                        self._record(left, piece.said, piece.witness, ((each,), outcome[1]))

    def _record(self, actions: int, resource: str, witness: str, outcome: _Outcome) -> None:
        if not actions:
            return
        for kind in outcome[0]:
            had = self._found[kind].get(resource)
            conditions = tuple(dict.fromkeys((*(had.conditions if had else ()), *outcome[1])))
            self._found[kind][resource] = Changed(
                resource, actions | (had.actions if had else 0), had.witness if had else witness, conditions
            )

    def _asked(self, action: str, resource: str) -> Request:
        asked = self._question.request(self._request.principal or "*", self._entity, action, resource)
        return replace(asked, principal=self._request.principal)

    def _outcome(self, actions: int, resource: str) -> _Outcome:
        """The engine's own decisions of one of the actions, before and after."""
        action = catalogue().names[first(actions)]
        request = self._asked(action, resource)
        before, after = (self._fitting(policies, action, resource) for policies in (self._before, self._after))
        found = [certainty(request, policies, self._presence) for policies in (before, after)]
        was, now = (each is not Certainty.NEVER for each in found)
        surely_was, surely_now = (each is Certainty.CERTAIN for each in found)
        if was != now:
            return (("newly_allowed" if now else "newly_denied"),), ()
        if not was or (surely_was and surely_now):
            return (), ()
        mine, its = (_guards(possible(request, policies, self._presence)) for policies in (before, after))
        conditions = tuple(dict.fromkeys(block for guard in mine ^ its for block in guard[-2]))
        if surely_was or surely_now:
            return (("loosened" if surely_now else "tightened"),), conditions
        kinds = (("loosened", _looser(mine, its)), ("tightened", _looser(its, mine)))
        return tuple(kind for kind, is_so in kinds if is_so), conditions

    def _fitting(self, policies: Policies, action: str, resource: str) -> Policies:
        """The policies that have a say: another resource's own policy is another one, which nobody told."""
        if self._own and not any(matches(resource) for matches in self._own.values()):
            policies = replace(policies, resource=None, unread=policies.unread | {"resource"})
        return fitting(policies, action, resource)

    def _patterns(self, one: CompiledStatement) -> Iterator[str]:
        """A statement's resource patterns, and with their variables' values, with a star for those without one."""
        for pattern in one.resource.patterns if one.resource is not None else ():
            yield pattern
            variables = template(pattern)
            if variables is not None:
                yield variables.open(self._known.lookup)

    def _bases(self, one: CompiledStatement) -> Iterable[str]:
        element = one.resource
        return ("*",) if element is None or element.negated or element.everything else self._patterns(one)


_Guard = tuple[Layer, int | None, bool, tuple[ConditionBlock, ...], tuple[str, ...]]


def _guards(found: Possibility) -> frozenset[_Guard]:
    """What an outcome hangs on, by layer and level: opaque, and equal where the conditions are."""
    return frozenset(
        (one.layer, one.level, one.effect == "Deny", one.conditions, one.variables)
        for one in (*found.statements, *found.unless)
    )


def _looser(before: frozenset[_Guard], after: frozenset[_Guard]) -> bool:
    """Whether an Allow under other conditions has come, or a Deny under conditions has gone."""
    return any(guard[2] for guard in before - after) or any(not guard[2] for guard in after - before)


def _places(policies: Policies) -> dict[_Place, dict[object, CompiledStatement]]:
    """The statements by where they stand; the same statement twice in one place says nothing more."""
    groups: list[tuple[_Place, Iterable[NamedPolicy] | None]] = [
        ((Layer.IDENTITY, None), policies.identity),
        ((Layer.RESOURCE, None), None if policies.resource is None else (policies.resource,)),
        ((Layer.BOUNDARY, None), policies.boundary),
        ((Layer.SESSION, None), None if policies.session is None else (policies.session,)),
        ((Layer.VPC_ENDPOINT, policies.vpc_endpoint_type), policies.vpc_endpoint),
        *(((Layer.SCP, number), level) for number, level in enumerate(policies.scps or ())),
        *(((Layer.RCP, number), level) for number, level in enumerate(policies.rcps or ())),
    ]
    return {
        place: {
            (policy.document.version, replace(one.statement, index=0, sid=None, first_line=0, last_line=0)): one
            for policy in group
            for one in ready(policy, place[0]).statements
        }
        for place, group in groups
        if group is not None
    }


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


def _regions_named(statements: list[CompiledStatement]) -> tuple[str, ...]:
    """AWS fills in the region of a request, by the resource's ARN as a rule: conditions on it tell resources apart."""
    return tuple(
        f"arn:*:*:{value}:*:*"
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
    for service, (start, _) in known.services.items():
        if actions & known.service(service):
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
