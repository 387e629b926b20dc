"""Evaluate the principals that a resource policy or trust policy accepts, other than the account's roles and users."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from iam.key_presence import key_presence
from iam.policy.compiled import CompiledStatement
from iam.policy.document import Document
from iam.policy.evaluate import ready
from iam.policy.layer import Layer, LayerResult
from iam.policy.principal import Kind, caller
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.unknown_keys import Possibility, possible
from iam.questions.access_question import AccessQuestion, applicable_policies
from iam.questions.answers import AccessVerdict, PrincipalAnswer
from iam.questions.index import AccountIndex, may_name
from iam.questions.principal_answer import actions_of

_KINDS = {
    Kind.USER: "user",
    Kind.ROLE: "role",
    Kind.SESSION: "session",
    Kind.FEDERATED_USER: "federated-user",
    Kind.ROOT: "account",
    Kind.SERVICE: "service",
    Kind.PROVIDER: "provider",
    Kind.ANONYMOUS: "everyone",
}


# Represents another account's own policies, which must also allow the request but cannot be read here.
_EVERYTHING = NamedPolicy(
    Document('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
)


@dataclass(frozen=True)
class _Named:
    """A principal as a policy names it. ``principal`` is the principal to evaluate, or None for anyone."""

    value: str
    kind: str
    principal: str | None


def everyone_else(question: AccessQuestion, shared: Policies, index: AccountIndex) -> Iterator[PrincipalAnswer]:
    """Yield the answers for principals in the resource policy that are not roles or users of the account.

    These are the principals in the policy's Allow statements. For principals of another account, only this account's
    side is known: their own policies must also allow the action.
    """
    if shared.resource is None:
        return
    lowered = question.action.lower()
    named: dict[str, _Named] = {}
    for one in ready(shared.resource, Layer.RESOURCE).statements:
        names = may_name(one, lowered) if question.wild_action else one.action.names(lowered)
        if not one.deny and names:
            named.update({found.value: found for found in _named(one, index)})
    policies = Policies(resource=shared.resource, rcps=shared.rcps, unread=shared.unread)
    for found in named.values():
        if found.kind == "unique-id":
            yield _orphan(found)
        else:
            yield from _answer(question, found, policies)


def _named(one: CompiledStatement, index: AccountIndex) -> Iterator[_Named]:
    element = one.principal
    if element is None:
        return
    if element.negated:
        listed = ", ".join(value for _, value in element.pairs)
        yield _Named(f"everyone but {listed}", "everyone", None)
        return
    for kind, value in element.pairs:
        if value == "*":
            yield _Named("*", "everyone", None)
        elif kind == "CanonicalUser":
            yield _Named(value, "canonical-user", value)
        elif kind != "AWS":
            yield _Named(value, "service" if kind == "Service" else "provider", value)
        elif value in index.by_arn or value in index.by_id:
            continue  # evaluated with the account's own principals
        elif not value.startswith("arn:") and not value.isdigit():
            yield _Named(value, "unique-id", None)
        else:
            who = caller(value)
            if who.kind is Kind.ROOT and who.account == index.account.id:
                continue  # this only leaves the decision to the account's own policies
            yield _Named(value, _KINDS[who.kind], value)


def _orphan(found: _Named) -> PrincipalAnswer:
    rule = "The unique ID of a deleted principal, unless it belongs to another account."
    return PrincipalAnswer(found.value, found.value, found.kind, AccessVerdict.UNKNOWN, rule=rule)


def _answer(question: AccessQuestion, found: _Named, policies: Policies) -> Iterator[PrincipalAnswer]:
    best: Possibility | None = None
    actions = 0
    who = caller(found.principal)
    elsewhere = who.account is not None and who.account != question.account.id
    if elsewhere:
        policies = replace(policies, identity=(_EVERYTHING,))
    presence = key_presence(who.kind, None, None if elsewhere or who.account is None else question.account)
    for action, part in actions_of(question, policies, question.resource):
        request = Request(None, action, question.resource, question.resource_account, question.context)
        if found.principal is not None:
            request = question.request(found.principal, None, action, question.resource)
        one = possible(request, applicable_policies(policies, action, question.resource), presence)
        if not one.allowed or one.decision.layers.get(Layer.RESOURCE) is not LayerResult.ALLOWED:
            continue
        actions |= part
        if best is None or (one.certain and not best.certain):
            best = one
    if best is None:
        return
    yield PrincipalAnswer(
        arn=found.value,
        name=found.value,
        kind=found.kind,
        verdict=AccessVerdict.ALLOWED if best.certain else AccessVerdict.CONDITIONAL,
        action_set=actions,
        statements=tuple(one for one in best.statements if one.layer is Layer.RESOURCE),
        unless=() if best.certain else best.unless,
        own_side=elsewhere,
    )
