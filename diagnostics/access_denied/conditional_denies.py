"""Deny statements that would match, were the unknown condition keys to have the values they are aimed at."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.edits import statements_of
from diagnostics.access_denied.relaxed import condition_keys
from iam.policy.decision import Outcome, Reason
from iam.policy.document import Document
from iam.policy.explain import explain
from iam.policy.request import NamedPolicy

# Values that nobody told and that are filled in all the same: the usual one, or that of the moment of the reading.
_ASSUMED = frozenset({"aws:securetransport", "aws:currenttime", "aws:epochtime"})


def conditional_denies(case: Case, *, assumed: bool = True) -> list[Reason]:
    """The Deny statements that match when conditions on untold keys are taken to be true, with ``assumed`` also those
    on keys that are filled in with their usual value. The reasons name the documents as they really are."""
    originals: dict[int, NamedPolicy] = {}
    keys = case.open_keys | (_ASSUMED - case.given if assumed else frozenset())

    def tightened(policy: NamedPolicy) -> NamedPolicy:
        if not condition_keys(policy.document) & keys:
            return policy
        changed = replace(policy, document=_without_open_conditions(policy.document, keys))
        originals[id(changed)] = policy
        return changed

    decision = explain(case.request, case.effective_policies.mapped(tightened))
    if decision.outcome is not Outcome.EXPLICIT_DENY:
        return []
    return [
        replace(reason, policy=originals.get(id(reason.policy), reason.policy))
        for reason in decision.reasons
        if reason.effect == "Deny"
    ]


def denies_of(case: Case, word: str | None) -> list[Reason]:
    """The Deny statements of the layer that the text speaks of (of any, without ``word``), those first that match
    whatever the untold values are, then those that match without them, then those that may. Where the text names a
    policy, that policy's come before all others."""
    kinds = (
        [reason for reason in case.hopeful.reasons if reason.effect == "Deny"],
        [reason for reason in case.strict.reasons if reason.effect == "Deny"],
        conditional_denies(case),
    )
    inside = [[reason for reason in kind if word is None or case.word(reason.layer) == word] for kind in kinds]
    named = [[reason for reason in kind if reason.policy.arn == case.denial.policy_arn] for kind in inside]
    found = next(filter(None, named), None) if case.denial.policy_arn else None
    return found or next(filter(None, inside), [])


def stated_denies(case: Case) -> list[Reason]:
    """The Deny statement that the text speaks of: that of the policy which it names, else the only one of the stated
    layer that matches or may match. None where the text states no Deny, or may mean one of several."""
    kind, _, word = (case.denial.stated_reason or "").partition(":")
    if kind != "explicit":
        return []
    word = "trust" if case.trust and word == "resource" else word
    inside = denies_of(case, word)
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
