"""Repair any pasted text once, before anything is read, so that it is as AWS or a program printed it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.failure_details import Repair
from diagnostics.text.near_pairs.corrections import with_said_names
from diagnostics.text.read.clean.as_printed import as_printed
from diagnostics.text.read.clean.encodings import decoded
from diagnostics.text.read.clean.languages import in_english
from diagnostics.text.read.clean.typed_arns import joined_arns, with_digits
from iam.lazy_pattern import regex

_LONGEST = 40_000
_WRAPPED = regex(
    r"(?<=\")((?:arn:[\w-]+:|[a-z0-9-]{2,30}:[A-Z])[^\s\",{}\[\]]{1,200})(\r?\n[ \t]*)([^\s\",{}\[\]]{1,200}\")"
)
"""A quoted ARN or action that a terminal has wrapped. Its second line is to be joined to its first."""
_THROWN_AT = regex(
    r"^(?:file://)?(?=[^\s()]*[/\\])[^\s()]{1,300}\.[cm]?[jt]sx?:\d{1,7}\r?\n"
    r"(?:[^\n]{0,400}\n){1,2}[ \t]*\^+[ \t]*\r?$\n?",
    re.MULTILINE,
)
"""The lines that Node.js prints before an uncaught error: the place in the code, its line, and marks below.

None of them is a message.

Node.js, "Errors": the location of the error before its stack (https://nodejs.org/api/errors.html).
"""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text as it was printed. ``repairs`` are the names and numbers that had to be corrected."""

    text: str
    repairs: tuple[Repair, ...] = ()


def repaired(text: str) -> Repaired:
    """Undo encodings, correct what was typed or scanned, and translate denials into English."""
    text = decoded(text)
    if "^" in text:
        text = _THROWN_AT.sub("", text)
    if len(text) > _LONGEST:
        return Repaired(in_english(text))
    text, numbers = with_digits(_WRAPPED.sub(r"\1\3\2", text))
    text, names = with_said_names(text)
    text, arns = joined_arns(text)
    return Repaired(in_english(as_printed(text)), tuple(Repair(said, read) for said, read in (*numbers, *names, *arns)))
