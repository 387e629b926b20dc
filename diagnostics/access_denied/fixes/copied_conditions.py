"""The conditions that a new statement copies from an existing statement, because they were set on purpose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.near_misses import condition_words
from iam.policy.compiled import Asked
from iam.policy.decision import ConditionFailure, Fault, NearMiss
from iam.policy.edits import as_list, statements_of, with_statement
from iam.policy.evaluate import ready
from iam.policy.layer import Layer
from iam.policy.principal import Kind
from iam.policy.request import NamedPolicy

Condition = dict[str, Any]
"""A statement's Condition element: operator → key → values."""

PASSED_TO = "iam:PassedToService"


def kept_condition(case: Case, near: NearMiss | None, own: Condition | None = None) -> Condition:
    """Return the condition for a new statement next to ``near``, with conditions from ``near`` and ``own``.

    If ``near`` names the action, all its conditions are taken. If it names other actions on this resource, only
    conditions on global keys are taken, because these apply to any action (UG: reference_policies_condition-keys). No
    condition is taken from a statement for other kinds of principals. A role may be passed only to the service of the
    request, if that is known.
    """
    kept = _conditions_of(case, near) if near is not None else {}
    service = _value(case, PASSED_TO)
    if case.request.action.lower() == "iam:passrole" and service:
        own = merged(own or {}, {"StringEquals": {PASSED_TO: service[0] if len(service) == 1 else list(service)}})
    if own and any(key.lower() == PASSED_TO.lower() for block in own.values() for key in block):
        kept = _without(kept, PASSED_TO)
    return merged(kept, own or {})


def kept_variable(case: Case, near: NearMiss | None) -> str | None:
    """Return the resource in ``near`` with a policy variable of unknown value, if that may be the requested resource.

    The variable separates callers: without the variable, each caller would have access to the others' resources. Return
    None if there is no such resource.
    """
    if near is None or near.fault is not Fault.NO_ACTION:
        return None
    asked = Asked(case.request)
    for one in ready(near.policy, near.layer).statements:
        if one.statement.index != near.statement or one.resource is None:
            continue
        for text, filled in one.resource.open_near(asked):
            if all(map(case.is_open, filled.unresolved(asked.lookup))):
                return text
    return None


def merged(first: Condition, second: Condition) -> Condition:
    """Combine two conditions. If both have the same operator and key, the values of the second are used."""
    return {
        operator: {**first.get(operator, {}), **second.get(operator, {})}
        for operator in dict.fromkeys((*first, *second))
    }


def condition_cautions(case: Case, condition: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return a sentence about each condition in the new statement that the request does not meet, or may not meet."""
    return tuple(_caution(case, failure) for failure in _failures(case, condition))


def _caution(case: Case, failure: ConditionFailure) -> str:
    words = condition_words(failure)
    if failure.had is None and case.is_open(failure.key):
        return (
            f"The fix helps only if its condition is met, which {words}. To have the fix evaluated with a value, "
            f"give the value (--context {failure.key}=VALUE)"
        )
    return f"The fix keeps the statement's condition, which the request did not meet. The condition {words}"


def _failures(case: Case, condition: Mapping[str, Any] | None) -> Iterable[ConditionFailure]:
    """Return the conditions that the request does not meet, as far as known."""
    if not condition:
        return ()
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": dict(condition)}
    asked = Asked(case.request)
    return [
        ConditionFailure(one.block.operator, one.block.key, one.matching(asked.lookup), asked.lookup(one.block.key))
        for compiled in ready(NamedPolicy(with_statement(None, statement)), Layer.IDENTITY).statements
        for one in compiled.conditions
        if not one.holds(asked.lookup)
    ]


def _conditions_of(case: Case, near: NearMiss) -> Condition:
    statement = statements_of(near.policy.document.value)[near.statement]
    condition = statement.get("Condition")
    if not condition or not _speaks_of_such(case, statement.get("Principal")):
        return {}
    if near.fault is not Fault.NO_ACTION or case.trust:
        return dict(condition)
    if not _names_the_resource(case, near):
        return {}
    wide = {
        operator: {key: values for key, values in block.items() if key.lower().startswith("aws:")}
        for operator, block in condition.items()
    }
    return {operator: block for operator, block in wide.items() if block}


def _speaks_of_such(case: Case, principal: Any) -> bool:
    """Return whether a statement with this Principal element (or with none) is a model for the caller's statement.

    Conditions for a service or an identity provider are a model only for the same service or provider.
    """
    if not isinstance(principal, dict):
        return True
    caller = case.caller
    if caller.kind in (Kind.SERVICE, Kind.PROVIDER):
        return any(caller.arn in as_list(values) for values in principal.values())
    return "AWS" in principal


def _names_the_resource(case: Case, near: NearMiss) -> bool:
    asked = Asked(case.request)
    return any(
        one.resource is None or one.resource.names(asked, False)
        for one in ready(near.policy, near.layer).statements
        if one.statement.index == near.statement
    )


def _without(condition: Condition, key: str) -> Condition:
    """Return the condition without tests of ``key``, except those with negated operators.

    Removing a positive test makes more requests match. Negated tests exclude requests, so they are kept.
    """
    low = key.lower()
    kept = {
        operator: {name: values for name, values in block.items() if name.lower() != low or "not" in operator.lower()}
        for operator, block in condition.items()
    }
    return {operator: block for operator, block in kept.items() if block}


def _value(case: Case, key: str) -> tuple[str, ...]:
    return next((values for name, values in case.request.context.items() if name.lower() == key.lower()), ())
