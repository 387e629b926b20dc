"""Whether the closest statement would allow the request if it named the action or the resource."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.access_denied.pasted.fixes.caller_arn import NOBODY
from diagnostics.access_denied.pasted.policies_in_text import document_of, policies_of
from iam.policy.decision import Fault, NearMiss
from iam.policy.explain import LayerExplanation, explain_layer
from iam.policy.layer import Layer, LayerResult
from iam.policy.request import Request


def would_fit(near: NearMiss, request: Request) -> bool:
    """Return whether the statement would allow the request if it named the action."""
    explained = _with_the_action(near, request)
    return explained is not None and explained.result is LayerResult.ALLOWED


def may_fit(near: NearMiss, request: Request) -> bool:
    """Return whether only conditions could keep the statement from allowing the request if it named the action."""
    explained = _with_the_action(near, request)
    faults = [each.fault for each in explained.near_misses] if explained is not None else [near.fault]
    return all(each is Fault.CONDITION_UNKNOWN for each in faults)


def names_another_caller(near: NearMiss, request: Request) -> bool:
    """Return whether a statement that does not name the action also does not name the caller."""
    explained = _with_the_action(near, request) if request.principal != NOBODY else None
    return explained is not None and any(each.fault is Fault.PRINCIPAL_MISMATCH for each in explained.near_misses)


def _with_the_action(near: NearMiss, request: Request) -> LayerExplanation | None:
    """Return the evaluation of the request if the statement named the action.

    Return None if the statement lacks something other than the action.
    """
    value = near.policy.document.value
    statement = value["Statement"][near.statement] if isinstance(value, dict) else {}
    if near.fault is not Fault.NO_ACTION or "Action" not in statement:
        return None
    layer = Layer.RESOURCE if {"Principal", "NotPrincipal"} & statement.keys() else Layer.IDENTITY
    document = document_of([{**statement, "Action": request.action}])
    return explain_layer(request, policies_of([document], layer), layer)


def next_condition(near: NearMiss, request: Request, word: str) -> NearMiss | None:
    """Return the condition that would fail if the statement named the request's resource.

    Return None if no condition would fail.
    """
    value = near.policy.document.value
    statement = value["Statement"][near.statement] if isinstance(value, dict) else {}
    if word == "trust" or "Condition" not in statement:
        return None
    if request.resource != "*" and not request.resource.startswith("arn:"):
        return None  # a word instead of an ARN cannot be a statement's resource
    layer = Layer.RESOURCE if word == "resource" else Layer.IDENTITY
    document = document_of([{**statement, "Resource": request.resource}])
    missed = explain_layer(request, policies_of([document], layer), layer).near_misses
    conditions = missed[0].conditions if missed and missed[0].fault is Fault.CONDITION_UNMET else ()
    known = tuple(each for each in conditions if each.had is not None)
    return replace(missed[0], conditions=known) if known else None
