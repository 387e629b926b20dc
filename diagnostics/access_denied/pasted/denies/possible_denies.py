"""Find the Deny statements that match only if a condition is met, and the text does not show the condition's value."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy, document_of, policies_of
from diagnostics.access_denied.request.values import DEFAULTS
from diagnostics.text.answer.condition_remedies import inverted
from iam.policy.document import Document
from iam.policy.explain import DenyingStatement, MetCondition, explain_layer
from iam.policy.layer import Layer
from iam.policy.match import names_action
from iam.policy.request import NamedPolicy, Request
from iam.policy.words import holding
from iam.words import listing


def denied_perhaps(
    pasted: Sequence[PastedPolicy], request: Request, layer: Layer, known: Collection[str]
) -> list[DenyingStatement]:
    """Return the first Deny that depends on conditions for which the text does not show the request's value."""
    low = {*DEFAULTS, *(key.lower() for key in known)}
    for one in pasted:
        for number, each in enumerate(one.document.statements):
            unknown = [
                block
                for block in each.conditions
                if block.key.lower() not in low
                or (inverted(block.operator, block.key, block.values) and block.key not in known)
            ]
            if each.effect != "Deny" or not unknown:
                continue
            bare = _without_keys(_statement_of(one.document, number), {block.key for block in unknown})
            matched = explain_layer(request, policies_of([document_of([bare])], layer), layer).denials
            if matched:
                conditions = tuple(MetCondition(block.operator, block.key, block.values, None) for block in unknown)
                document = NamedPolicy(one.document)
                return [replace(matched[0], conditions=conditions, statement=number, policy=document)]
    return []


def _without_keys(statement: dict[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """Return the statement without its conditions on these keys."""
    conditions = {
        kind: left
        for kind, block in (statement.get("Condition") or {}).items()
        if (left := {key: had for key, had in block.items() if key not in keys})
    }
    rest = {name: had for name, had in statement.items() if name != "Condition"}
    return {**rest, "Condition": conditions} if conditions else rest


def _statement_of(document: Document, number: int) -> dict[str, Any]:
    value = document.value
    return value["Statement"][number] if isinstance(value, dict) else {}


def other_denies(
    pasted: Sequence[PastedPolicy], denials: Sequence[DenyingStatement], action: str, known: Collection[str]
) -> list[str]:
    """Return a sentence about each of at most two further Deny statements that depend on values the text does not show.

    They deny the same action. ``known`` are the keys with known values, in lower case.
    """
    found = []
    for one in pasted:
        stated = {each.statement for each in denials if each.policy.document is one.document}
        for number, each in enumerate(one.document.statements):
            if each.effect != "Deny" or number in stated or not each.conditions:
                continue
            if any(block.key.lower() in known for block in each.conditions):
                continue  # it does not hold for the request's value
            if names_action(each.action or ("*",), action):
                where = listing([holding(block.operator, block.key, block.values) for block in each.conditions])
                found.append(f"Statement {each.sid or number + 1} also denies the request if {where}.")
    return found[:2]
