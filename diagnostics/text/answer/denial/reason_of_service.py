"""The reason that a service gives in its own words, beside or instead of IAM's sentence."""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.text.answer.denial.named_actions import names_action
from iam.lazy_pattern import regex

_ANSWERED = regex(
    r"(?:when calling the (?P<operation>\w+) operation[^:\n]{0,60}|\b[A-Z]\w+(?:Exception|_DENIED)):[ \t]+"
    r"(?!An error occurred)(?P<said>[^\s.;\"“”{}|](?:[^.;\n\x1e\"“”{}|]|\.(?=\w)){20,160})"
)


# What every denial says, whatever the reason.
_STOCK = regex(
    r"not authori[sz]ed to (?:perform|access|call)\b|could not (?:assume|be used)|^\W*(?:User|Principal)\b"
    r"|please try again|does not exist or|an error occurred|forbidden\b|access (?:was |is )?denied\b"
    r"|access to the resource \S+ is denied"
    r"|^\W*you are not authori[sz]ed\W*$",
    re.IGNORECASE,
)


def own_words(denial: Denial) -> str:
    """Return the reason in AWS's answer to the refused call; "" if the answer has only stock phrases.

    IAM's own sentence names caller and action, and states its reason in IAM's grammar or states none.
    """
    if said := remark(denial):
        return said
    if denial.principal and names_action(denial):
        return ""
    for found in _ANSWERED.finditer(denial.text[:4000]):
        said = " ".join(found["said"].split())
        if found["operation"] in (None, denial.operation) and not _STOCK.search(said):
            return said
    return ""


_REMARK = regex(
    r"not authori[sz]ed to perform:? [^\s()]+(?: on resource: [^\s()]+)? \((?P<said>[A-Z][^()\n]{15,300}?)\.?\)"
)


_NO_REMARK = regex(r"(?:Service|Status ?Code|Request ?ID|RequestToken|Proxy)\s*:", re.IGNORECASE)


def remark(denial: Denial) -> str:
    """Return the reason that a service adds in brackets to IAM's sentence; "" if there is none."""
    found = _REMARK.search(denial.text[:4000])
    said = " ".join(found["said"].split()) if found else ""
    return "" if _NO_REMARK.search(said) or len(said.split()) < 4 else said[:160]
