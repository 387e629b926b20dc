"""Find a denial of the credentials that a program goes on with after it could not assume a role."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diagnostics.failure import Denial, Failure, OtherFailure
from diagnostics.text.read.sequence.paste import Paste
from iam.arn import identity_of
from iam.lazy_pattern import regex

_GOES_ON = regex(
    r"\b(?:continue[sd]?|continuing|go(?:es|ing)? on|went on|proceed(?:s|ed|ing)?|carr(?:y|ies|ied|ying) on"
    r"|fall(?:s|ing)?|fell)(?: back)?(?: anyway)? (?:with|to|on|using) (?:the |its )?(?:\w+ ){0,2}"
    r"(?:credentials|creds|role|identity|profile|keys)\b"
    r"|\b(?:using|with|keeping) (?:the )?(?:\w+ )?(?:credentials|creds|role|identity|profile|keys) instead\b",
    re.IGNORECASE,
)
_ASSUMES = regex(r"AssumeRole\w*")


def fallback_from(failures: Sequence[Failure], index: int, paste: Paste) -> str:
    """Return the call that failed to assume a role before this denial, if the text says that the program went on."""
    failure = failures[index]
    if not isinstance(failure, Denial) or not failure.principal or not failure.action or _called(failure):
        return ""
    earlier = next((called for each in failures[:index] if (called := _called(each))), "")
    return earlier if earlier and any(map(_GOES_ON.search, paste.lines)) else ""


def _called(failure: Failure) -> str:
    """Return the operation of a failure that assumes a role; else ""."""
    named = failure.operation if isinstance(failure, Denial | OtherFailure) else None
    if not named and isinstance(failure, Denial):
        named = (failure.action or "").removeprefix("sts:")
    return named if named and _ASSUMES.fullmatch(named) else ""


def after_a_fallback(denial: Failure) -> str:
    """Return what not to do about a denial that follows from a fallback to other credentials."""
    if not isinstance(denial, Denial):
        return ""
    name = identity_of(denial.principal or "")[2]
    return (
        f"The program went on with the credentials of {name}: do not give them {denial.action}, and let the "
        "program stop if it cannot assume the role (set -e in a shell)."
    )
