"""Read IAM's sentences about entities that do not exist: their type and their name.

Source: IAM API reference, "Common Errors" and each call's ``NoSuchEntity``; the sentences are those that AWS sends.
"""

from __future__ import annotations

import re

from diagnostics.text.read.messages.fields import trimmed
from iam.arn import Arn
from iam.lazy_pattern import regex

RULE = (
    r"\bNoSuchEntity(?:Exception)?\b|\bdoes\s+not\s+exist\s+or\s+is\s+not\s+attachable"
    r"|\b(?:[Rr]ole|[Uu]ser|[Gg]roup)(?:\s+policy)?\s+with\s+name\s+\S{1,130}\s+cannot\s+be\s+found"
    r"|\bInstance\s+Profile\s+\S{1,130}\s+cannot\s+be\s+found|\bOpenIDConnect\s+Provider\s+not\s+found\s+for\s+arn"
)
_NAME = r"[\"'`]?(?P<name>(?!with\b)[\w+=,.@-]{1,128})[\"'`]?"
_ARN = r"(?P<arn>arn:[\w-]{1,20}:iam::(?:\d{12}|aws)?:[\w./+=,@:-]{1,600})"
# A text may name the caller and others before what is missing: IAM's own sentences are looked for first.
_NAMED = (
    regex(r"\b(?P<kind>Login\s+Profile)\s+for\s+User\s+(?P<name>[\w+=,.@-]{1,64})", re.IGNORECASE),
    regex(
        rf"\b(?P<kind>role|user|group|instance\s+profile)\s+(?:with\s+name\s+)?{_NAME}"
        r"\s+(?:cannot\s+be\s+found|does\s+not\s+exist|was\s+not\s+found|not\s+found)",
        re.IGNORECASE,
    ),
    regex(rf"{_ARN}\s+(?:does\s+not\s+exist|was\s+not\s+found)", re.IGNORECASE),
    regex(rf"not\s+found\s+for\s+arn\s+{_ARN}", re.IGNORECASE),
)
_INLINE = regex(r"\b(?:role|user|group)\s+policy\s+with\s+name\s+\S{1,130}\s+cannot", re.IGNORECASE)


def missing_entity(text: str) -> tuple[str | None, str | None]:
    """Return the ``entity_type`` and the name of what the text says does not exist.

    Each is None if the text does not state it.

    If the text has the ARN, it is returned instead of the name. Both are None for an inline policy, which is not an
    entity.
    """
    if _INLINE.search(text):
        return None, None
    found = next((match for each in _NAMED if (match := each.search(text))), None)
    if found is None:
        return None, None
    if "kind" in found.re.groupindex:
        return "-".join(found["kind"].lower().split()), trimmed(found["name"])
    arn = Arn.parse(trimmed(found["arn"]) or "")
    return (arn.type, str(arn)) if arn is not None else (None, None)
