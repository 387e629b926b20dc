"""What a statement lacks, in words: an unmet condition, or a value that the text does not show."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.access_denied.near_misses import condition_words, near_words
from iam.policy.decision import ConditionFailure, Fault, NearMiss
from iam.policy.operators import operator
from iam.policy.words import wish


def lacking_words(near: NearMiss) -> str:
    """Return what the statement lacks. A tag may exist even if the text does not show it."""
    if near.fault is Fault.CONDITION_UNKNOWN:
        return "; ".join(map(unmet_words, near.conditions))
    words = near_words(near)
    shown = ", whose value the text does not show" if "Tag/" in words else ", which has no value here"
    return words.replace(", which has no value here", shown)


def with_what_fails(near: NearMiss) -> NearMiss:
    """Return the near miss with only those conditions that are known to fail; unchanged if no condition is."""
    known = tuple(each for each in near.conditions if each.had is not None)
    if not known:
        return near
    fault = Fault.CONDITION_UNMET if near.fault is Fault.CONDITION_UNKNOWN else near.fault
    return replace(near, conditions=known, fault=fault)


def unmet_words(failure: ConditionFailure) -> str:
    if failure.had is None:
        return f"needs {wish(failure.operator, failure.key, failure.wanted)}"
    return f"{condition_words(failure)}{_only_case(failure)}"


def _only_case(failure: ConditionFailure) -> str:
    """Return a note if the values differ only in letter case or spaces; "" otherwise, or if case is ignored."""
    parts = operator(failure.operator)
    if not failure.had or parts is None or parts.base not in ("StringEquals", "StringLike"):
        return ""
    for same, words in (
        (str.lower, "letter case matters"),
        (_without_spaces, "with a space, they are two different values"),
    ):
        if all(same(each) in map(same, failure.wanted) for each in failure.had):
            return f": {words}"
    return ""


def _without_spaces(value: str) -> str:
    return re.sub(r"\s", "", value)
