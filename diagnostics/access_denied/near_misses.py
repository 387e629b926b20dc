"""Describe statements that almost match (near misses), and order them to determine which one is the cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from diagnostics.access_denied.request.context_keys import source_of
from diagnostics.access_denied.request.values import DEFAULTS
from diagnostics.diagnosis import Evidence, Question
from iam.api_operations import actions_behind
from iam.policy.decision import ConditionFailure, Decision, Fault, NearMiss, Reason
from iam.policy.layer import Layer
from iam.policy.operators import operator
from iam.policy.unknown_keys import UnknownKey
from iam.policy.words import fact, wish
from iam.service_reference import is_unlisted
from iam.words import listing

# How close a statement came to matching. The cause of an implicit deny is the fault of the statement that came closest:
# "no Allow names the action" is the cause only if no Allow does.
_STAGES = {
    Fault.NO_ACTION: 0,
    Fault.PRINCIPAL_MISMATCH: 1,
    Fault.RESOURCE_MISMATCH: 2,
    Fault.CONDITION_UNMET: 3,
    Fault.CONDITION_UNKNOWN: 3,
    Fault.UNRESOLVED_VARIABLE: 3,
}


def ranked(decision: Decision, layer: Layer) -> tuple[NearMiss, ...]:
    """Return the near misses of a layer, starting with the one that came closest to matching."""
    return farthest_first(miss for miss in decision.near_misses if miss.layer is layer)


def farthest_first(misses: Iterable[NearMiss]) -> tuple[NearMiss, ...]:
    """Return near misses sorted by how close they came to matching, the closest first."""
    return tuple(sorted(misses, key=_order))


def _order(miss: NearMiss) -> tuple[int, bool, bool, int]:
    return -_STAGES[miss.fault], named_operation(miss) is None, _of_other_service(miss), miss.distance


def named_operation(near: NearMiss | None) -> str | None:
    """Return the API operation that an almost matching statement names instead of the requested action, or None."""
    if near is None or near.fault is not Fault.NO_ACTION or near.element != "Action":
        return None
    wanted = near.had.lower()
    return next((name for name in near.wanted if wanted in {each.lower() for each in actions_behind(name)}), None)


def misspelled_action(near: NearMiss | None) -> str | None:
    """Return the misspelled name that a statement has instead of the requested action, or None.

    None also if AWS lists an action of that name.
    """
    if near is None or near.fault is not Fault.NO_ACTION or near.element != "Action":
        return None
    wanted = near.had.lower()
    return next((name for name in near.wanted if is_unlisted(name) and _means(name, wanted)), None)


def no_actions(near: NearMiss) -> tuple[str, ...]:
    """Return the names in an almost matching statement that are not AWS actions, such as an API operation's name."""
    return tuple(name for name in near.wanted if is_unlisted(name))


def _means(name: str, wanted: str) -> bool:
    low = name.lower()
    if wanted in (f"{low}s", low.removesuffix("s")):
        return True
    from diagnostics.text.read.clean.nearest_action import meant_action

    return wanted == (meant_action(name) or "").lower()


def _of_other_service(miss: NearMiss) -> bool:
    """Return whether the statement contains only other services' actions, and so is far from matching."""
    if miss.fault is not Fault.NO_ACTION:
        return False
    service = miss.had.partition(":")[0].lower()
    return not any(pattern.partition(":")[0].lower() == service for pattern in miss.wanted)


def questions(keys: Iterable[UnknownKey]) -> tuple[Question, ...]:
    """Return a question to the operator for each key, with the values that would meet the conditions.

    A condition with another kind of comparison (``NotIpAddress``, ``NumericLessThan``, ``Null``) is described in words
    instead.
    """
    asked: dict[str, Question] = {}
    for key in keys:
        before = asked.get(key.key.lower(), Question(key.key, (), source_of(key.key)))
        if not key.operator or takes_its_values(key.operator):
            after = replace(before, wanted=tuple(dict.fromkeys((*before.wanted, *key.wanted))))
        else:
            needed = f"the policy requires {wish(key.operator, key.key, key.wanted)}"
            after = before if needed in before.why else replace(before, why=f"{before.why}; {needed}")
        asked[key.key.lower()] = after
    return tuple(asked.values())


def takes_its_values(operator_text: str) -> bool:
    """Return whether a condition with this operator is met by every value in the condition."""
    parts = operator(operator_text)
    return parts is not None and not parts.negated and parts.base in _EQUALS


_EQUALS = frozenset(
    {"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress", "Bool"}
)


def condition_words(failure: ConditionFailure) -> str:
    """Return a clause that says what a failed condition needs and what the request has."""
    had = fact(failure.had)
    if failure.key.lower() == "aws:securetransport" and failure.had == ("true",):
        had = f"it is assumed to be true ({DEFAULTS[failure.key.lower()]})"
    return f"needs {wish(failure.operator, failure.key, failure.wanted)}, and {had}"


def near_words(near: NearMiss) -> str:
    """Return a clause that says what an almost matching statement lacks."""
    if near.sentence:
        return near.sentence
    match near.fault:
        case Fault.NO_ACTION:
            return f"names {listing(near.wanted)}, not {near.had}"
        case Fault.RESOURCE_MISMATCH:
            part = f" (the {near.part} differs)" if near.part else ""
            return f"covers {listing(near.wanted)}, not {near.had}{part}"
        case Fault.PRINCIPAL_MISMATCH:
            return f"names {listing(near.wanted)}, not {near.had}"
        case _ if near.conditions:
            return "; ".join(map(condition_words, near.conditions))
        case _:
            return f"{near.element} requires {listing(near.wanted)}, the request has {near.had}"


def near_evidence(near: NearMiss, word: str) -> Evidence:
    return Evidence(
        text=near_words(near),
        layer=word,
        policy=near.policy.name,
        arn=near.policy.arn,
        statement=near.statement,
        sid=near.sid,
        element=near.element,
        document=near.policy.document,
        conditions=near.conditions,
    )


def reason_evidence(reason: Reason, word: str, sentence: str = "") -> Evidence:
    verb = sentence or ("denies it" if reason.effect == "Deny" else "allows it")
    element = "Effect"
    if reason.effect == "Deny":
        from diagnostics.access_denied.refusal import deciding_element  # few denials need it

        element = deciding_element(reason)
    return Evidence(
        text=verb,
        layer=word,
        policy=reason.policy.name,
        arn=reason.policy.arn,
        statement=reason.statement,
        sid=reason.sid,
        element=element,
        document=reason.policy.document,
    )


def statement_words(near: NearMiss) -> str:
    """Return the statement's name, such as ``statement ReadAssets``, or its number."""
    return f"statement {near.sid or near.statement + 1}"


def place_words(name: str | None, statement: int, sid: str | None) -> str:
    """Return the policy and statement, such as ``app-assets-read, statement ReadAssets``."""
    return f"{name or 'the policy'}, statement {sid or statement + 1}"
