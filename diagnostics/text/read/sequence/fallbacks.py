"""Find failures of a program that goes on after it could not assume a role: with other credentials, or with none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diagnostics.failure import Denial, Failure, OtherFailure, Trouble
from diagnostics.text.read.sequence.lines_and_commands import Paste
from iam.arn import identity_of
from iam.lazy_pattern import regex

GOES_ON = regex(
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
    return earlier if earlier and any(map(GOES_ON.search, paste.lines)) else ""


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
        f"The program could not assume the role and continued with the credentials of {name}. Do not grant "
        f"{denial.action} to {name}; make the program stop if it cannot assume the role (set -e in a shell)."
    )


_NOT_FOUND = regex(r"Unable to locate credentials|NoCredential|no credentials (?:found|configured)", re.IGNORECASE)
_MAKES_A_SESSION = regex(r"(?:sts:)?(?:AssumeRole\w*|Get(?:Session|Federation)Token)", re.IGNORECASE)


def session_not_made(failure: OtherFailure, last: Failure | None, session: str) -> str:
    """Return the failed call for a session after which credentials are missing; "" if there is none.

    ``session`` is that call if ``last`` already follows from it: each later call without credentials follows, too.
    """
    if failure.trouble is not Trouble.CREDENTIALS or last is None:
        return ""
    if isinstance(last, Denial):
        other = failure.principal and last.principal and failure.principal != last.principal
        return "" if other or not (last.action or "").lower().startswith("sts:assumerole") else last.action or ""
    if not finds_no_credentials(failure):
        return ""
    failed = isinstance(last, OtherFailure) and last.trouble is Trouble.CREDENTIALS
    made = failed and _MAKES_A_SESSION.fullmatch(last.operation or "")
    return session or (last.operation or "" if made else "")


def finds_no_credentials(failure: Failure) -> bool:
    """Whether a program found no credentials at all, so that it made no call."""
    missing = isinstance(failure, OtherFailure) and failure.trouble is Trouble.CREDENTIALS and not failure.operation
    return missing and _NOT_FOUND.search(failure.text) is not None
