"""Return the reason that AWS gives for rejecting a policy."""

from __future__ import annotations

import re

from diagnostics.text.read.messages.service_errors import service_error
from iam.lazy_pattern import regex

_AFTER_THE_CODE = regex(
    r"\bMalformedPolicy(?:Document)?(?:Exception)?\b\)?(?:\s+when\s+calling\s+the\s+\w+\s+operation)?"
    r"(?:\s+\([^()\n]{0,80}\))?\s*:\s*(?P<why>[^\n\x1e\"“”]{12,200})"
)
# Messages that say no more than the code: the document breaks the grammar.
_GRAMMAR = regex(r"syntax error|malformed|not valid JSON|invalid JSON|Policy grammar", re.IGNORECASE)


def malformed_reason(text: str) -> str:
    """Return AWS's reason for rejecting a policy; "" if it says only that the syntax is wrong."""
    found = _AFTER_THE_CODE.search(text)
    why = " ".join(found["why"].split()) if found else ""
    if not why and (error := service_error(text)):
        why = error.said
    return "" if _GRAMMAR.search(why) else why.rstrip(" .")
