"""Allow statements that hold only because nobody told a condition key.

A key that a request lacks makes ``NotIpAddress``, ``StringNotEquals``, ``…IfExists`` and ``ForAllValues:`` true. But a
key that nobody told is seldom absent from the call itself: where a call was refused and nothing else refuses it, the
value that it had is what to ask for.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.edits import as_list, statements_of
from diagnostics.access_denied.near_misses import ranked
from diagnostics.access_denied.relaxed import condition_keys
from iam.policy.decision import ConditionFailure, Fault, Layer, NearMiss, Outcome
from iam.policy.document import Document
from iam.policy.explain import explain
from iam.policy.operators import operator
from iam.policy.request import NamedPolicy
from iam.policy.words import fact, wish


def conditional_allow(case: Case) -> tuple[Layer, NearMiss] | None:
    """The layer that would not allow the request, were the untold values not what its Allow statements want, and the
    nearest of these. None where the request is allowed whatever they are."""
    originals: dict[int, NamedPolicy] = {}

    def wanting_the_keys(policy: NamedPolicy) -> NamedPolicy:
        if not condition_keys(policy.document) & case.open_keys:
            return policy
        document = _wanting_presence(policy.document, case.open_keys)
        if document is None:
            return policy
        changed = replace(policy, document=document)
        originals[id(changed)] = policy
        return changed

    changed = case.effective_policies.mapped(wanting_the_keys)
    if not originals:
        return None
    decision = explain(case.request, changed)
    layer = decision.decided_by
    if decision.outcome is not Outcome.IMPLICIT_DENY or layer is None:
        return None
    for near in ranked(decision, layer):
        policy = originals.get(id(near.policy))
        if policy is not None and near.fault in (Fault.CONDITION_UNKNOWN, Fault.CONDITION_UNMET):
            return layer, _as_written(near, policy, case.open_keys)
    return None


def _wanting_presence(document: Document, keys: frozenset[str]) -> Document | None:
    """The document with conditions that hold without their key wanting the key besides; None where there are none."""
    value = copy.deepcopy(document.value)
    found = False
    for statement in statements_of(value):
        condition = statement.get("Condition") if isinstance(statement, dict) else None
        if not isinstance(condition, dict) or statement.get("Effect") != "Allow":
            continue
        open_now = [key for name, block in condition.items() for key in _open(name, block, keys)]
        if open_now:
            found = True
            nulls = {name: block for name, block in condition.items() if name.lower() == "null"}
            kept = {key: wanted for block in nulls.values() for key, wanted in block.items()}
            statement["Condition"] = {
                **{name: block for name, block in condition.items() if name not in nulls},
                "Null": {**kept, **dict.fromkeys(open_now, "false")},
            }
    return Document.from_value(value) if found else None


def _open(name: str, block: Any, keys: frozenset[str]) -> list[str]:
    parts = operator(name)
    if parts is None or not isinstance(block, dict):
        return []
    if parts.base == "Null":
        return [key for key, wanted in block.items() if key.lower() in keys and _wants_absence(wanted)]
    holds_without = parts.negated or parts.if_exists or parts.over == "all"
    return [key for key in block if key.lower() in keys and holds_without and parts.over != "any"]


def _wants_absence(wanted: Any) -> bool:
    return "true" in [str(value).lower() for value in as_list(wanted)]


def _as_written(near: NearMiss, policy: NamedPolicy, keys: frozenset[str]) -> NearMiss:
    """The near miss with the policy's own conditions on the keys."""
    statement = next(entry for entry in policy.document.statements if entry.index == near.statement)
    failures = tuple(
        ConditionFailure(block.operator, block.key, block.values, None)
        for block in statement.conditions
        if block.key.lower() in keys
    )
    words = " and ".join(f"needs {wish(one.operator, one.key, one.wanted)}" for one in failures)
    return replace(
        near,
        policy=policy,
        conditions=failures,
        wanted=failures[0].wanted,
        sentence=f"{words}, and {fact(failures[0].key, None)}",
    )
