"""The values that keep a request from matching the condition of a Deny statement."""

from __future__ import annotations

from diagnostics.access_denied.pasted.request_tags import on_type
from diagnostics.text.answer.condition_remedies import KNOWN_HOW, inverted, remedy
from diagnostics.text.near_pairs.similarity import edits
from iam.claims import Keys, Source
from iam.policy.explain import MetCondition
from iam.policy.operators import operator
from iam.policy.request import Request


def on_another_type(condition: MetCondition, request: Request, keys: Keys) -> str | None:
    """If the command tags only a different type of resource, return how to tag the denied type too."""
    had = keys.get(condition.key)
    if had is None or had.source is not Source.COMMAND or condition.had:
        return None
    parts = operator(condition.operator)
    passing = () if parts is None or parts.base == "Null" else passing_values(condition)
    return on_type(condition.key, passing, condition.had, request)


def look_alike(condition: MetCondition) -> bool:
    """Whether the request's value may be a typo of the value that passes."""
    parts = operator(condition.operator)
    had = condition.had or ()
    if parts is None or not parts.negated or not len(had) == len(condition.wanted) == 1:
        return False
    return edits(had[0], condition.wanted[0], 1) == 1


def inversion(condition: MetCondition) -> str:
    """Return what is wrong with a Deny's condition that is inverted, so that it matches the safe calls.

    Return "" if the condition is not inverted.
    """
    return inverted(condition.operator, condition.key, condition.wanted)


def is_negated(condition: MetCondition) -> bool:
    """Return whether the Deny excepts the condition's values: only then does adding a value exempt a request."""
    parts = operator(condition.operator)
    return parts is not None and parts.negated


def how_to_pass(condition: MetCondition) -> str:
    parts = operator(condition.operator)
    present = parts is not None and parts.base == "Null" and condition.wanted[:1] == ("true",)
    other = parts is not None and not parts.negated and parts.base not in ("Null", "Bool")
    denies_true = parts is not None and parts.base == "Bool" and condition.wanted[0].lower() == "true"
    return remedy(condition.key, passing_values(condition), present=present, other=other, denies_true=denies_true)


def passing_values(condition: MetCondition) -> tuple[str, ...]:
    parts = operator(condition.operator)
    if parts is not None and parts.base == "Bool" and condition.key.lower() not in KNOWN_HOW:
        return ("false",) if condition.wanted[0].lower() == "true" else ("true",)
    return condition.wanted if parts is not None and parts.negated else ()
