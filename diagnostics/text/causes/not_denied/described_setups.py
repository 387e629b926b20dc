"""Causes for a described setup that fails without an AWS error (`iam.facts.two_sided_setups`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import contains
from diagnostics.who import Who
from iam.facts.two_sided_setups import DESCRIBED
from iam.lazy_pattern import regex

_LONGEST = 8_000
_FAILS = regex(
    r"\b(?:fail\w*|never|nothing|denied|forbidden|40[0-9]|hangs?|stuck|stop\w*|missing|error\w*|lost|empty|drops?|dropped"
    r"|refused|ignored|may not|terminate[sd]?|terminating|undeliver\w*|tim(?:es|ed) out"
    r"|does not|do not|did not|cannot|can not"
    r"|not (?:arrive|deliver|work|run|start|appl)\w*"
    r"|no (?:access|e?-?mails?|messages?|logs?|events?|notifications?|files?|data)|nicht|kein\w*|leer)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words in a text that describes a failure."""

_NOT_ENCRYPTED = regex(
    r"\b(?:not|isn['’]t|aren['’]t|never) (?:\w+ )?encrypted\b(?! with\b)|\bunencrypted\b"
    r"|\bno (?:encryption|KMS(?: key)?)\b|\bwithout (?:encryption|(?:a )?KMS(?: key)?)\b"
    r"|\b(?:encryption|KMS)(?: (?:is|at rest))*[ :=]+(?:off|disabled|none|not (?:enabled|used|set))\b"
    r"|\bKms(?:Master)?Key(?:Id|Arn)[\"']?\s*[:=]\s*(?:null|None|[\"']{2})",
    re.IGNORECASE,
)
"""Words that say that something is not encrypted. They are no sign of a key."""


def described(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the first setup in the table whose signs are all in the text, if the text also has a word for a failure."""
    if failure.trouble is Trouble.UNRECOGNIZED:
        yield from of_setup(failure.text)


def of_setup(text: str) -> Iterator[FirstLook]:
    """Yield what the setup described in the text needs, if the text also says that something fails."""
    text = _NOT_ENCRYPTED.sub(" ", text[:_LONGEST])
    if _FAILS.search(text) is None:
        return
    for row in DESCRIBED:
        found = [each.search(text) for each in row.signs]
        if all(found) and not (row.unless and row.unless.search(text)):
            said = tuple(dict.fromkeys(" ".join(each[0].split())[:60] for each in found if each))
            yield FirstLook(row.sentence, contains(*said), None, Who.ACCOUNT_ADMIN)
            return
