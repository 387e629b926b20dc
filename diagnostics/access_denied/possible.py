"""Deny statements that would match, were the unknown condition keys to have the values they are aimed at."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.documents import condition_keys, statements_of
from diagnostics.access_denied.engine import decide
from iam.policy.decision import Outcome, Reason
from iam.policy.document import Document
from iam.policy.request import NamedPolicy


def possible_denies(case: Case) -> list[Reason]:
    """The Deny statements that match when conditions on untold keys are taken to be true. The reasons name the
    documents as they really are."""
    originals: dict[int, NamedPolicy] = {}

    def tightened(policy: NamedPolicy) -> NamedPolicy:
        if not condition_keys(policy.document) & case.open_keys:
            return policy
        changed = replace(policy, document=_without_open_conditions(policy.document, case.open_keys))
        originals[id(changed)] = policy
        return changed

    def each(group: Iterable[NamedPolicy]) -> tuple[NamedPolicy, ...]:
        return tuple(map(tightened, group))

    policies = case.effective_policies
    decision = decide(
        case.request,
        replace(
            policies,
            identity=each(policies.identity),
            resource=policies.resource and tightened(policies.resource),
            boundary=None if policies.boundary is None else each(policies.boundary),
            session=policies.session and tightened(policies.session),
            scps=None if policies.scps is None else tuple(map(each, policies.scps)),
            rcps=None if policies.rcps is None else tuple(map(each, policies.rcps)),
            vpc_endpoint=None if policies.vpc_endpoint is None else each(policies.vpc_endpoint),
        ),
    )
    if decision.outcome is not Outcome.EXPLICIT_DENY:
        return []
    return [
        replace(reason, policy=originals.get(id(reason.policy), reason.policy))
        for reason in decision.reasons
        if reason.effect == "Deny"
    ]


def stated_denies(case: Case) -> list[Reason]:
    """The Deny statement that the text speaks of: that of the policy which it names, else the only one of the stated
    layer that matches or may match. None where the text states no Deny, or may mean one of several."""
    kind, _, word = (case.denial.stated_reason or "").partition(":")
    if kind != "explicit":
        return []
    word = "trust" if case.trust and word == "resource" else word
    matching = [reason for reason in case.strict.reasons if reason.effect == "Deny"] or possible_denies(case)
    inside = [reason for reason in matching if case.word(reason.layer) == word]
    if case.denial.policy_arn:
        return [reason for reason in inside if reason.policy.arn == case.denial.policy_arn]
    return inside if len(inside) == 1 else []


def _without_open_conditions(document: Document, keys: frozenset[str]) -> Document:
    value = copy.deepcopy(document.value)
    for statement in statements_of(value):
        if isinstance(statement, dict) and statement.get("Effect") == "Deny":
            _drop(statement, keys)
    return Document.from_value(value)


def _drop(statement: dict[str, Any], keys: frozenset[str]) -> None:
    condition = statement.get("Condition")
    if not isinstance(condition, dict):
        return
    for operator, block in list(condition.items()):
        if isinstance(block, dict):
            for key in [key for key in block if key.lower() in keys]:
                del block[key]
            if not block:
                del condition[operator]
    if not condition:
        del statement["Condition"]
