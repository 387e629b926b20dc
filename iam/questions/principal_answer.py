"""Evaluate one principal for each resource and action, with unknown condition keys in its favor and against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from iam.account import Role, User
from iam.key_presence import key_presence, kind_of
from iam.policy.compiled import Asked, CompiledStatement, compiled, wildcard_only
from iam.policy.condition_keys import KeyPresence
from iam.policy.document import Document
from iam.policy.evaluate import setting
from iam.policy.layer import Layer
from iam.policy.principal import caller
from iam.policy.request import Policies, Request
from iam.policy.unknown_keys import Certainty, Judged, Possibility, possible
from iam.questions.access_question import AccessQuestion, applicable_policies
from iam.questions.action_classes import applicable, named_by, named_classes
from iam.questions.answers import AccessVerdict, PrincipalAnswer
from iam.questions.catalogue import catalogue
from iam.questions.index import Principal, reaches
from iam.questions.relevant import Documents, Relevant, narrowed


@dataclass
class _Best:
    """The best answer so far over several resources and classes of actions."""

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
            # Once something is allowed unconditionally, conditional access is listed separately, without its
            # statements.
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
    """Merge two lists of statements, without duplicates.

    Documents are compared as objects, because comparing their texts takes long.
    """
    if not some or not more:
        return some or more
    found = {(one.layer, id(one.policy.document), one.statement, one.level): one for one in (*some, *more)}
    return tuple(found.values())


def answer(question: AccessQuestion, principal: Principal, shared: Policies) -> PrincipalAnswer:
    """Return the answer for one role or user of the account."""
    entity = principal.entity
    policies = principal.policies(shared)
    if question.wild_resource and policies.resource is None:
        # Whether a key's policy or a role's trust policy also allows the action is unknown: that side counts as not
        # read.
        policies = replace(policies, unread=policies.unread | {Layer.RESOURCE})
    presence = key_presence(kind_of(entity), entity, question.account)
    best = _Best()
    if question.wild_action:
        documents = question.relevance.documents(policies)
        for resource in resources_of(question, principal):
            for found, actions in _decisions(question, entity, policies, documents, resource, presence):
                best.take(found, resource, actions)
        return as_answer(question, principal, best)
    for resource in resources_of(question, principal):
        for found, actions in _decided(question, entity, policies, resource, ((question.action, 0),), presence):
            best.take(found, resource, actions)
        if best.verdict is AccessVerdict.ALLOWED and "*" in best.resources:
            break  # no wider pattern exists
    return as_answer(question, principal, best)


def _decisions(
    question: AccessQuestion,
    entity: Role | User,
    policies: Policies,
    documents: Documents,
    resource: str,
    presence: KeyPresence,
) -> Iterable[tuple[Possibility, int]]:
    """Yield the decision for each class of actions that the policies do not distinguish.

    Principals that the policies do not distinguish share their decisions.
    """
    relevant = question.relevance.of(documents, resource)
    if relevant.names_principals:
        return _decided(question, entity, policies, resource, parts_of(relevant, resource), presence)
    values: tuple[object, ...] = ()
    if relevant.keys:
        lookup = Asked(Request(entity.arn, "*", "*", context=question.keys_of(entity.arn, entity))).lookup
        values = tuple((lookup(key), presence(key)) for key in relevant.keys)
    alike = relevant.what, type(entity), policies.unread, values
    found = question.decided.get(alike)
    if found is None:
        parts = parts_of(relevant, resource)
        keys = bool(relevant.keys)
        found = question.decided[alike] = tuple(_decided(question, entity, policies, resource, parts, presence, keys))
    return found


def _decided(
    question: AccessQuestion,
    entity: Role | User,
    policies: Policies,
    resource: str,
    parts: Iterable[tuple[str, int]],
    presence: KeyPresence,
    keys: bool = True,
) -> Iterator[tuple[Possibility, int]]:
    """Yield the decision for each part. ``keys``: something depends on the request's context keys."""
    # by service: the context is the same for all its actions on one resource
    contexts: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for action, actions in parts:
        service = action.partition(":")[0]
        if keys and service not in contexts:
            contexts[service] = question.request(entity.arn, entity, action, resource).context
        request = Request(entity.arn, action, resource, question.resource_account, contexts.get(service, {}))
        found = possible(request, applicable_policies(policies, action, resource), presence)
        if question.wild_resource and policies.resource is None and service in ("kms", "sts"):
            found = _as_far_as_known(found, request)
        yield found, actions


def _as_far_as_known(found: Possibility, request: Request) -> Possibility:
    """Return the possibility, made conditional if an unread key policy or trust policy must also allow the request."""
    unasked = setting(request, caller(request.principal)).must_be_granted_by_resource
    return replace(found, certainty=Certainty.IF) if unasked and found.allowed else found


def as_answer(question: AccessQuestion, principal: Principal, best: _Best) -> PrincipalAnswer:
    """Return the answer for the best result over all resources and actions; for a denial, with the reason."""
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


def actions_of(question: AccessQuestion, policies: Policies, resource: str) -> Iterable[tuple[str, int]]:
    """Return the actions to evaluate: the requested action or, for a pattern, one action of each class that matches it.

    Each action is returned with its class (a bit mask), or 0 if the question names a single action.
    """
    if not question.wild_action:
        return ((question.action, 0),)
    relevance = question.relevance
    return parts_of(relevance.of(relevance.documents(policies), resource), resource)


def parts_of(relevant: Relevant, resource: str) -> Iterable[tuple[str, int]]:
    """Return one action of each class to evaluate, with its class (a bit mask)."""
    regions = "aws:requestedregion" in relevant.keys
    return named_classes(relevant.wanted, relevant.cuts, resource, regions=regions, rcps=relevant.rcps)


def resources_of(question: AccessQuestion, principal: Principal) -> tuple[str, ...]:
    """Return the resources to evaluate: the requested one or, for a pattern, those in the principal's Allow statements.

    If only "any bucket" were evaluated, an Allow and a Deny on the same bucket would not be combined.
    """
    wanted = question.resource
    if not question.wild_resource:
        return (wanted,)
    if not question.wild_action and wanted == "*" and wildcard_only(question.action.lower()):
        return (wanted,)
    entity = principal.entity
    found = dict.fromkeys(
        text for policy in principal.identity for text in _patterns(question, policy.document, entity)
    )
    return tuple(sorted(found, key=lambda text: text != wanted)) or (wanted,)  # the widest pattern comes first


def _patterns(question: AccessQuestion, document: Document, entity: Role | User) -> tuple[str, ...]:
    """Return the patterns in a document's Allow statements that lie within the requested resource."""
    found = question.patterns.get(id(document))
    if found is None:
        allows = [one for one in compiled(document).statements if not one.deny and _names(one, question)]
        own = any(one.resource is not None and one.resource.has_variables for one in allows)
        asked = question.asked_by(entity) if own else question.asked
        texts = dict.fromkeys(text for one in allows if reaches(one, asked) for text in narrowed(one, asked))
        found = tuple(text for text in texts if _may_take(question, text))
        if not own:
            question.patterns[id(document)] = found  # the same for every principal
    return found


def _may_take(question: AccessQuestion, resource: str) -> bool:
    """Whether the action can apply to the resource, judged by its service; True for actions that AWS does not list."""
    position = None if question.wild_action else catalogue().position(question.action)
    return position is None or bool(applicable(1 << position, resource))


def _names(one: CompiledStatement, question: AccessQuestion) -> bool:
    if question.wild_action:
        return bool(named_by(one) & catalogue().matching(question.action))
    return one.action.names(question.action.lower())
