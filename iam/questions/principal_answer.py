"""One principal's answer: the engine asked hopefully and fearfully, for each resource and action that is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from iam.account import Account, Role, User
from iam.context import principal_keys, with_keys
from iam.key_presence import key_presence, kind_of
from iam.policy.compiled import Asked, CompiledStatement, compiled, wildcard_only
from iam.policy.decision import Layer
from iam.policy.match import covers, has_wildcard
from iam.policy.principal import TRUST_ACTIONS, caller
from iam.policy.request import Policies, Request
from iam.policy.unknown_keys import Judged, Possibility, possible
from iam.policy.variables import plain, template
from iam.questions.action_classes import applicable, classes, cuts_of, documents_of, named_by
from iam.questions.answers import AccessVerdict, PrincipalAnswer
from iam.questions.catalogue import catalogue, first
from iam.questions.index import Principal, reaches
from iam.service_reference import rcp_services

MOST_RESOURCES = 40
"""Patterns that a question for any resource is asked of, for one principal; a policy with more names them alike."""


@dataclass
class AccessQuestion:
    """What is asked of every principal. ``tags`` gives the resource's tags when a policy first asks for them."""

    action: str
    resource: str
    account: Account
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    resource_account: str | None = None
    tags: Callable[[], Mapping[str, str] | None] = lambda: None
    _of_principal: tuple[str, Role | User | None, Mapping[str, tuple[str, ...]]] | None = None
    """The keys of the principal that was asked last: one is asked many times in a row."""

    @property
    def wild_action(self) -> bool:
        return has_wildcard(self.action)

    @property
    def wild_resource(self) -> bool:
        return has_wildcard(self.resource)

    def request(self, principal: str, entity: Role | User | None, action: str, resource: str) -> Request:
        """The request of a principal, with what the account tells of its keys."""
        asked = Request(principal, action, resource, self.resource_account, self.context)
        return with_keys(asked, self.account, self._keys(principal, entity), self.tags())

    def _keys(self, principal: str, entity: Role | User | None) -> Mapping[str, tuple[str, ...]]:
        known = self._of_principal
        if known is None or known[0] != principal or known[1] is not entity:
            keys = principal_keys(caller(principal), self.account, entity)
            if isinstance(entity, Role) and entity.id:
                # The unique ID by which resource policies name a role that was made anew.
                keys["aws:PrincipalId"] = (entity.id,)
            known = self._of_principal = principal, entity, keys
        return known[2]


@dataclass
class _Best:
    """The best answer over several resources and classes of actions."""

    verdict: AccessVerdict = AccessVerdict.DENIED
    resources: dict[str, None] = field(default_factory=dict)
    resources_if: dict[str, None] = field(default_factory=dict)
    actions: int = 0
    statements: tuple[Judged, ...] = ()
    unless: tuple[Judged, ...] = ()
    kept_out: Possibility | None = None

    def take(self, found: Possibility, resource: str, actions: int) -> None:
        if not found.allowed:
            self.kept_out = self.kept_out or found
            return
        verdict = AccessVerdict.ALLOWED if found.certain else AccessVerdict.CONDITIONAL
        if verdict is AccessVerdict.ALLOWED and self.verdict is not AccessVerdict.ALLOWED:
            # What hangs on conditions is not worth a word beside what does not.
            self.resources_if, self.resources = self.resources, {}
            self.statements = self.unless = ()
        elif self.verdict is AccessVerdict.ALLOWED and verdict is not AccessVerdict.ALLOWED:
            self.actions |= actions
            self.resources_if[resource] = None
            return
        self.verdict = verdict
        self.resources[resource] = None
        self.actions |= actions
        self.statements = together(self.statements, found.statements)
        if verdict is AccessVerdict.CONDITIONAL:
            self.unless = together(self.unless, found.unless)


def together(some: tuple[Judged, ...], more: tuple[Judged, ...]) -> tuple[Judged, ...]:
    """Both, each statement once. Documents are told apart as objects: to compare their texts takes long."""
    if not some or not more:
        return some or more
    found = {(one.layer, id(one.policy.document), one.statement, one.level): one for one in (*some, *more)}
    return tuple(found.values())


def answer(question: AccessQuestion, principal: Principal, shared: Policies) -> PrincipalAnswer:
    """The answer for one role or user of the account."""
    entity = principal.entity
    policies = principal.policies(shared)
    presence = key_presence(kind_of(entity), entity, question.account)
    best = _Best()
    cuts = cuts_in(question, policies)
    for resource in resources_of(question, principal):
        if best.verdict is AccessVerdict.ALLOWED and "*" in best.resources and not question.wild_action:
            break  # nothing is wider
        requests: dict[str, Request] = {}  # by service: its actions have the same context on one resource
        for action, actions in actions_of(question, policies, resource, cuts):
            service = action.partition(":")[0]
            if service not in requests:
                requests[service] = question.request(entity.arn, entity, action, resource)
            of_service = requests[service]
            request = Request(entity.arn, action, resource, of_service.resource_account, of_service.context)
            found = possible(request, applicable_policies(policies, action, resource), presence)
            best.take(found, resource, actions)
    return as_answer(question, principal, best)


def as_answer(question: AccessQuestion, principal: Principal, best: _Best) -> PrincipalAnswer:
    entity = principal.entity
    verdict, rule = best.verdict, ""
    statements = best.statements
    if verdict is AccessVerdict.DENIED:
        kept = best.kept_out
        rule = kept.decision.rule if kept else "No identity policy allows the action."
        statements = kept.statements if kept else ()
        unread = {reading.layer for reading in principal.unread}
        explicit = kept is not None and any(one.effect == "Deny" for one in kept.statements)
        if Layer.IDENTITY in unread and not explicit:
            verdict = AccessVerdict.UNKNOWN
            rule = next(reading.why for reading in principal.unread if reading.layer is Layer.IDENTITY)
    return PrincipalAnswer(
        arn=entity.arn,
        name=entity.name,
        kind="role" if principal.is_role else "user",
        verdict=verdict,
        resources=tuple(best.resources) if question.wild_resource else (),
        resources_if=tuple(best.resources_if) if question.wild_resource else (),
        action_set=best.actions,
        statements=statements,
        unless=best.unless,
        rule=rule,
        unread=principal.unread,
        service_owned=principal.service_owned,
    )


def cuts_in(question: AccessQuestion, policies: Policies) -> tuple[int, ...]:
    """Along what a question for many actions is cut: see `action_classes.classes`."""
    return cuts_of(documents_of(policies)) if question.wild_action else ()


def actions_of(
    question: AccessQuestion, policies: Policies, resource: str, cuts: tuple[int, ...]
) -> Iterable[tuple[str, int]]:
    """The actions to ask for: the one, or one of each class of those that the pattern stands for."""
    if not question.wild_action:
        return ((question.action, 0),)
    known = catalogue()
    wanted = applicable(known.matching(question.action), resource)
    if policies.resource is None:
        wanted &= _allowed(policies, resource)
    return tuple((known.names[first(part)], part) for part in classes(wanted, cuts, resource))


def _allowed(policies: Policies, resource: str) -> int:
    """The actions that an Allow of the identity policies names on something that could be the resource: every other is
    denied, whatever else is in the policies."""
    asked = Asked(Request(None, "*", resource))
    found = 0
    for policy in policies.identity:
        for one in compiled(policy.document).statements:
            if not one.deny and reaches(one, asked):
                found |= named_by(one)
    return found


def applicable_policies(policies: Policies, action: str, resource: str) -> Policies:
    """The policies without those that have no say in this action: RCPs reach a few services only, and a role's trust
    policy decides who assumes the role, not who changes it."""
    service = action.partition(":")[0].lower()
    if policies.rcps is not None and (resource == "*" or service not in rcp_services()):
        policies = replace(policies, rcps=None)
    if policies.resource is not None and resource.split(":")[2:3] == ["iam"] and action.lower() not in TRUST_ACTIONS:
        policies = replace(policies, resource=None)
    return policies


def resources_of(question: AccessQuestion, principal: Principal) -> tuple[str, ...]:
    """The resources to ask for: the one, or for a pattern those of the principal's Allow statements inside it.

    Asked for "any bucket" alone, an Allow on one bucket and a Deny on the same would not meet.
    """
    wanted = question.resource
    if not question.wild_resource:
        return (wanted,)
    if not question.wild_action and wanted == "*" and wildcard_only(question.action.lower()):
        return (wanted,)
    asked = Asked(question.request(principal.entity.arn, principal.entity, question.action, wanted))
    found: dict[str, None] = {}
    for policy in principal.identity:
        for one in compiled(policy.document).statements:
            if not one.deny and _names(one, question) and reaches(one, asked):
                found.update(dict.fromkeys(text for text in narrowed(one, asked) if _may_take(question, text)))
    widest_first = sorted(found, key=lambda text: text != wanted)
    return tuple(widest_first)[:MOST_RESOURCES] or (wanted,)


def _may_take(question: AccessQuestion, resource: str) -> bool:
    """Whether the action can work on the resource at all, by its service; what AWS does not list may."""
    position = None if question.wild_action else catalogue().position(question.action)
    return position is None or bool(applicable(1 << position, resource))


def _names(one: CompiledStatement, question: AccessQuestion) -> bool:
    if question.wild_action:
        return bool(named_by(one) & catalogue().matching(question.action))
    return one.action.names(question.action.lower())


def narrowed(one: CompiledStatement, asked: Asked) -> Iterable[str]:
    """The patterns of an Allow statement inside the resource that is asked for; that itself where it is narrower."""
    element = one.resource
    if element is None or element.negated or element.everything:
        return (asked.resource,)
    found = []
    for pattern in element.patterns:
        filled = template(pattern)
        text = plain(filled.open(asked.lookup)) if filled is not None else pattern
        if asked.resource == "*" or covers(asked.resource, text):
            found.append(text)
        elif covers(text, asked.resource):
            found.append(asked.resource)
    return found or (asked.resource,)
