"""Remove questions from a text: a yes-or-no question states no denial, whatever actions it names."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_LONGEST = 20_000
_YES_OR_NO = regex(
    r"(?:^|(?<=[.!;:,?]\s)|(?<=->\s)|(?<=\n))(?P<asked>[ \t>#*\"'“(-]{0,8}(?:(?:or|and|so|but|also|ok|hm+|now"
    r"|then)[, ]+){0,2}"
    r"(?!has\s+the\s+environment\s+been\s+bootstrapped)(?:do|does|did|should|shall|can|could|must|would|is|are|am|was|were|may|might|has|have|will)\s"
    r"(?:[^\n?]|\?(?=\w)){0,300}\?)",
    re.IGNORECASE | re.MULTILINE,
)
_WHICH = regex(
    r"(?:^|(?<=[.!;:,?]\s)|(?<=\n))(?P<asked>[ \t>#*\"'“(-]{0,8}(?:(?:or|and|so|but|also|ok)[, ]+){0,2}"
    r"(?:which|what|whether|who)\s(?:[^\n?]|\?(?=\w)){0,300}\?)",
    re.IGNORECASE | re.MULTILINE,
)
# "is it normal that the call is denied?" says that it is.
_SAYS_SO = regex(
    r"\bthat\b[^\n]*\b(?:denied|refused|rejected|forbidden|not (?:authori[sz]ed|allowed|permitted|able))\b",
    re.IGNORECASE,
)
_REFUSED = regex(
    r"\b(?:denied|refused|rejected|forbidden|unauthori[sz]ed|cannot|can['’]t|not (?:authori[sz]ed|allowed|permitted"
    r"|able))\b",
    re.IGNORECASE,
)


def without_questions(text: str) -> str:
    """Return the text with its questions replaced by spaces, so that the positions of other words do not change."""
    if "?" not in text or len(text) > _LONGEST:
        return text
    text = _YES_OR_NO.sub(_blank, text)
    return _WHICH.sub(lambda found: found[0] if _REFUSED.search(found[0]) else _blank(found), text)


def _blank(found: re.Match[str]) -> str:
    return found[0] if _SAYS_SO.search(found[0]) else " " * len(found[0])
