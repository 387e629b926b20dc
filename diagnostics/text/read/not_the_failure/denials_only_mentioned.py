"""Detect texts that only mention a denial: in a name, in a count of zero, or in an alert's search words."""

from __future__ import annotations

import re

from diagnostics.failure import Denial, Failure
from diagnostics.text.read.layout.shell import UNQUOTED_PROMPT
from diagnostics.text.read.messages.service_sentences import sentence_in
from diagnostics.text.read.not_the_failure.lines_without_failure import (
    is_printed,
    is_query,
    is_reference,
    without_material,
)
from diagnostics.text.read.sequence.lines_and_commands import without_zero
from iam.lazy_pattern import regex

_LONGEST = 20_000
_REFUSES = regex(
    r"access[ _-]?denied|\bdenied\b|\bunauthori[sz]ed|not authori[sz]ed|\bforbidden\b|UnauthorizedOperation"
    r"|\bdenials?\b|\brefused\b",
    re.IGNORECASE,
)
# An error's own code, in some programs after its service ("KMS.AccessDeniedException"); a longer name that contains the
# words is no refusal.
_CODE = (
    r"(?:(?:[A-Z][A-Za-z0-9]{1,24}\.)?(?:AccessDenied|Unauthorized|UnauthorizedOperation|Forbidden)"
    r"(?:Exception|Error|Fault)?)"
)
_NAMED = regex(
    rf"\barn:[^\s\"']*|(?<![\w:])(?:\w+:/)?[\w.-]*/[\w./-]*|\b(?!{_CODE}\b)(?=\w)[\w.-]*[\w-](?:AccessDenied|Unauthorized"
    rf"|Denied"
    rf"|Forbidden|denied|unauthorized|forbidden|denial)[\w-]*|\b(?!{_CODE}\b)(?:AccessDenied|Unauthorized|Denied"
    rf"|Forbidden|denied"
    r"|unauthorized|forbidden|denial)[_-]?\w[\w-]*"
)
_PACKAGE = regex(r"\b(?:[a-z]\w*\.){1,12}(?=[A-Z]\w*(?:Exception|Error)\b)")
"""The package of a Java error class."""
_FAILURE = regex(
    r"\b(?:errors?|exception|fails?|failed|failing|failure|fatal|invalid|unable|could not|cannot|timed? ?out|stuck"
    r"|exceeded max|broken|rejected)\b"
    r"|n['’]t\b|(?:Exception|Mismatch|NotFound|Failed|Invalid)\b",
    re.IGNORECASE,
)
_SOUGHT = regex(
    r"\b(?:alert|alarm|rule|filter|grep|search\w*|pattern|match\w*|look\w*|fired|word|string)\b[^\n]{0,60}"
    r"[\"'“`](?:[\w ]*)(?:denied|unauthori[sz]ed|forbidden)\w*(?: [\w ]{1,40})?[\"'”`]",
    re.IGNORECASE,
)
_WELL = regex(
    r"(?:\bINFO\b|level=[\"']?info)[^\n]*(?:->|=>|:)?\s*(?:\bOK\b|as expected|\bcompliant\b|\(?200\)?|\bPASS(?:ED)?\b)",
)


def only_mentions(failures: list[Failure], text: str) -> bool:
    """Return whether the failures are single words for a denial that the text has only in names and in counts of zero.

    False if the text has another word for a failure, or no sign that everything succeeded.
    """
    if not failures or len(text) > _LONGEST or not all(map(_is_bare, failures)):
        return False
    if (counted := _without_zero_columns(text)) != text:
        return not any(map(_states_one, counted.split("\n")))
    lines = _lines(text)
    mentioned = any(_REFUSES.search(line) for line in lines)
    return mentioned and _went_well(text) and not any(map(_states_one, lines)) and not any(map(_fails, lines))


_ELEMENT = regex(r"\b(?:Effect|Action)\b[\"']?[ \t]*[:=]|\b(?:Allow|Deny) \w+:\w")


def counts_none(text: str) -> bool:
    """Return whether the text, in which no failure was found, counts denials and says that there were none.

    False if the text shows a policy, because it may ask about that.
    """
    if len(text) > _LONGEST or without_zero(text) == text or not _REFUSES.search(text) or _ELEMENT.search(text):
        return False
    return not any(_states_one(line) or _fails(line) for line in text.split("\n"))


def none_is_stated(failures: list[Failure], text: str) -> bool:
    """Return whether no failure is stated.

    That is so if the failures are single words for a denial, and each line with such words says that there was none.
    """
    if not failures or len(text) > _LONGEST or not all(map(_is_bare, failures)):
        return False
    lines = [line for line in _lines(text) if _REFUSES.search(line)]
    return bool(lines) and not any(map(_states_one, lines))


def _without_zero_columns(text: str) -> str:
    """Return the text without the titles of table columns that contain only zeros."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if not _REFUSES.search(line):
            continue
        titles = line.split()
        rows = []
        for row in lines[number + 1 :]:
            if len(cells := row.split()) != len(titles) or not any(cell.isdigit() for cell in cells):
                break
            rows.append(cells)
        kept = [
            "-" if rows and _REFUSES.search(title) and all(cells[index] == "0" for cells in rows) else title
            for index, title in enumerate(titles)
        ]
        if kept != titles:
            lines[number] = " ".join(kept)
    return "\n".join(lines)


def _lines(text: str) -> list[str]:
    """Return the text's lines; if the text shows that a command succeeded, only the lines of programs and commands."""
    if not _EXIT_ZERO.search(text):
        return text.split("\n")
    return [line for line in without_material(text).split("\n") if is_printed(line) or _AT_PROMPT.match(line)]


_AT_PROMPT = regex(rf"{UNQUOTED_PROMPT}\S")
_EXIT_ZERO = regex(r"\becho \$\?[ \t]*\n[ \t]*0[ \t]*$", re.MULTILINE)


def _is_bare(failure: Failure) -> bool:
    if not isinstance(failure, Denial) or failure.claims_trust or failure.encoded_message or failure.stated_reason:
        return False
    if sentence_in(failure.text) is not None:
        return False  # a service's own sentence of a refusal
    return not (failure.principal or failure.action or failure.operation or failure.missing_action or failure.resource)


def _went_well(text: str) -> bool:
    if without_zero(text) != text or any(each.search(text) is not None for each in (_WELL, _EXIT_ZERO)):
        return True
    return any(is_query(line) and _REFUSES.search(line) for line in text.split("\n"))


_ASKS_WHETHER = regex(
    r"^(?![^\n]*\b(?:why|how|what)\b)[^\n]*\b(?:is|are|was|were|does|do|did|can|should)\b[^\n]*\?\s*$", re.IGNORECASE
)


def _fails(line: str) -> bool:
    return _ASKS_WHETHER.search(line) is None and _FAILURE.search(without_zero(line)) is not None


def _states_one(line: str) -> bool:
    if not _REFUSES.search(line) or _WELL.search(line):
        return False
    rest = _PACKAGE.sub("", _SOUGHT.sub(" ", without_zero(line)))
    return _REFUSES.search(_NAMED.sub(" ", rest)) is not None and not is_reference(line)
