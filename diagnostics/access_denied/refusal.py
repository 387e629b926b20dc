"""Describe why a Deny statement matches: the decisive value, and the values that the statement exempts."""

from __future__ import annotations

from diagnostics.access_denied.case import Case
from iam.policy.compiled import Asked, CompiledStatement
from iam.policy.condition_keys import Presence
from iam.policy.conditions import Condition
from iam.policy.decision import Reason
from iam.policy.evaluate import ready
from iam.policy.unknown_keys import Match
from iam.policy.words import holding, listed
from iam.words import joined


def refusal_words(case: Case, reason: Reason) -> str:
    """Return a clause that names the value for which a Deny matches, or "" if the Deny has no exceptions.

    For example: ``aws:RequestedRegion is ap-south-1, not us-east-1 or eu-west-1``.
    """
    one = _statement(reason)
    if one is None:
        return ""
    asked = Asked(case.request)
    words = [_condition_words(condition, asked, case) for condition in one.conditions]
    if one.resource is not None and one.resource.negated:
        words.append(f"the resource is not {listed(one.resource.patterns, 'or')}")
    if one.principal is not None and one.principal.negated:
        spared = listed([value for _, value in one.principal.pairs], "or")
        words.append(f"{asked.caller.text or 'an anonymous caller'} is not {spared}")
    return joined(words)


def deciding_element(reason: Reason) -> str:
    """Return the policy element that limits the scope of a Deny, or ``Effect`` if nothing limits the Deny."""
    one = _statement(reason)
    if one is None:
        return "Effect"
    if one.conditions:
        return "Condition"
    if one.resource is not None and one.resource.negated:
        return "NotResource"
    if one.principal is not None and one.principal.negated:
        return "NotPrincipal"
    return "Effect"


def _statement(reason: Reason) -> CompiledStatement | None:
    found = ready(reason.policy, reason.layer).statements
    return next((one for one in found if one.statement.index == reason.statement), None)


def _condition_words(condition: Condition, asked: Asked, case: Case) -> str:
    key, had = condition.block.key, asked.lookup(condition.block.key)
    wanted = condition.matching(asked.lookup)
    matches = holding(condition.block.operator, key, wanted)
    if key.lower() in asked.excluded and case.decided.judge.condition(condition, asked) is Match.YES:
        return f"{key} is {listed(asked.stated(key) or ())}, and the statement matches where {matches}"
    if not condition.holds(asked.lookup) or case.is_open(key):
        return f"the statement matches where {matches}, but the value is unknown here"
    if had is None:
        known = case.presence(key.lower()) is Presence.NEVER
        return (
            f"the request has no {key}"
            if known
            else f"the statement matches requests without {key}, but it is unknown whether the request has this key"
        )
    values = listed(had)
    if unresolved := condition.unresolved(asked.lookup):
        return f"{key} is {values}, and {listed([f'${{{name}}}' for name in unresolved])} has no value"
    if condition.operator.base == "Null" or set(had) == set(wanted):
        return f"{key} is {values}"
    if condition.operator.negated:
        return f"{key} is {values}, not {listed(wanted, 'or')}"
    return f"{key} is {values}, and the statement matches where {matches}"
