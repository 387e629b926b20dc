"""Find a condition operator that IAM does not know, and the operator that was most likely meant.

IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators for multivalued context keys":
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from diagnostics.text.read.author.misspelled_keys import OPERATORS
from iam.lazy_pattern import regex
from iam.policy.operators import operator

_INVALID = regex(r"Invalid\s+Condition\s+[Tt]ype\s*:?\s*[\"'`]?(?P<written>[A-Za-z:]{3,80})")
_SET = regex(r"(?P<set>For(?:AllValues|AnyValue))s?:?(?P<base>[A-Za-z]+)", 2)
_OF_A_TOKEN = regex(r":(?:sub|aud|iss)\b")


@dataclass(frozen=True, slots=True)
class UnknownOperator:
    """An invalid operator. ``words`` are the text's own; ``cause`` says what to write instead."""

    words: str
    cause: str


def unknown_operator(text: str) -> UnknownOperator | None:
    """Return what the text's invalid operator should be; None if the text names none, or if IAM knows it."""
    found = _INVALID.search(text)
    if found is None or operator(found["written"]) is not None:
        return None
    written = found["written"]
    words = " ".join(found[0].split())
    if of_set := _SET.fullmatch(written):
        meant = f"{of_set['set']}:{_nearest(of_set['base']) or of_set['base']}"
        plain = ""
        if _OF_A_TOKEN.search(text):
            plain = (
                " For a token's sub and aud, write the plain operator instead (StringEquals, or StringLike for "
                "wildcards), because ForAllValues is also met if the token lacks the claim."
            )
        return UnknownOperator(
            words, f"IAM has no condition operator {written}. A set operator has a colon ({meant}).{plain}"
        )
    meant = _nearest(written)
    instead = f": write {meant}" if meant else ""
    return UnknownOperator(words, f"IAM has no condition operator {written}{instead}.")


def _nearest(written: str) -> str:
    by_low = {each.lower(): each for each in OPERATORS}
    near = get_close_matches(written.lower(), by_low, n=1, cutoff=0.7)
    return by_low[near[0]] if near else ""
