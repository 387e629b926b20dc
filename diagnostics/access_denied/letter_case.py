"""Check whether only letter case keeps a statement from matching a request, by evaluating both in lower case.

Actions and condition keys are compared without regard to case; resources, principals and the values of most string and
ARN operators are not (IAM User Guide, "IAM JSON policy elements: Resource" and "Condition operators").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from iam.layers import FIELD_OF_LAYER
from iam.policy.condition_keys import KeyPresence
from iam.policy.decision import NearMiss
from iam.policy.document import Document
from iam.policy.layer import Layer, LayerResult
from iam.policy.operators import operator
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.unknown_keys import KeyReading, Readings

_BY_CASE = ("StringEquals", "StringLike", "ArnEquals", "ArnLike")
_LEVELS = (Layer.SCP, Layer.RCP)


def case_alone(near: NearMiss, request: Request, presence: KeyPresence) -> bool:
    """Return whether the statement would allow the request if letter case were ignored.

    It must do so whatever the values of the unknown keys are.
    """
    written = _statement(near)
    if written is None:
        return False
    lowered, kept = _lowered_statement(written)
    document = Document.from_value({"Version": "2012-10-17", "Statement": [lowered]})
    asked = replace(
        request,
        principal=request.principal and request.principal.lower(),
        resource=request.resource.lower(),
        context={
            key: values if key.lower() in kept else tuple(value.lower() for value in values)
            for key, values in request.context.items()
        },
    )
    readings = Readings(asked, _alone(near.layer, NamedPolicy(document)), presence)
    return readings.decision(KeyReading.PESSIMISTIC).layers.get(near.layer) is LayerResult.ALLOWED


def _statement(near: NearMiss) -> Mapping[str, Any] | None:
    value = near.policy.document.value
    listed = value.get("Statement") if isinstance(value, dict) else None
    statements = listed if isinstance(listed, list) else [listed]
    one = statements[near.statement] if near.statement < len(statements) else None
    return one if isinstance(one, dict) else None


def _lowered_statement(statement: Mapping[str, Any]) -> tuple[dict[str, Any], frozenset[str]]:
    """Return the statement in lower case, and the keys (in lower case) whose values were not changed, such as dates."""
    lowered = dict(statement)
    for element in ("Resource", "NotResource", "Principal", "NotPrincipal"):
        if element in lowered:
            lowered[element] = _lower(lowered[element])
    kept: set[str] = set()
    conditions: dict[str, Any] = {}
    for name, block in (statement.get("Condition") or {}).items():
        parts = operator(name)
        by_case = parts is not None and parts.base in _BY_CASE
        conditions[name] = _lower(block) if by_case else block
        kept |= set() if by_case else {key.lower() for key in block}
    if conditions:
        lowered["Condition"] = conditions
    return lowered, frozenset(kept)


def _lower(value: Any) -> Any:
    """Return a value with every string in lower case, except the names of its keys (AWS, aws:PrincipalTag/Team)."""
    if isinstance(value, str):
        return value.lower()
    if isinstance(value, list):
        return [_lower(each) for each in value]
    return {name: _lower(each) for name, each in value.items()} if isinstance(value, dict) else value


def _alone(layer: Layer, policy: NamedPolicy) -> Policies:
    """Return policies in which this policy is the only one, in its own layer."""
    value: Any = ((policy,),) if layer in _LEVELS else policy if layer is Layer.RESOURCE else (policy,)
    return replace(Policies(), **{FIELD_OF_LAYER[layer]: value})
