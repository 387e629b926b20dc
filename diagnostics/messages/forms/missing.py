"""IAM's sentences on what does not exist: of which kind it is, and what it is called.

Source: IAM API reference, "Common Errors" and each call's ``NoSuchEntity``; the sentences are those that AWS sends.
"""

from __future__ import annotations

from diagnostics.messages.fields import trimmed
from iam.arn import Arn
from iam.lazy_pattern import regex

RULE = (
    r"\bNoSuchEntity(?:Exception)?\b|\bdoes\s+not\s+exist\s+or\s+is\s+not\s+attachable"
    r"|\b(?:[Rr]ole|[Uu]ser|[Gg]roup)(?:\s+policy)?\s+with\s+name\s+\S{1,130}\s+cannot\s+be\s+found"
    r"|\bInstance\s+Profile\s+\S{1,130}\s+cannot\s+be\s+found|\bOpenIDConnect\s+Provider\s+not\s+found\s+for\s+arn"
)
_NAMED = regex(
    r"\b(?P<kind>role|user|group|instance\s+profile)\s+(?:with\s+name\s+)?[\"'`]?(?P<name>(?!with\b)[\w+=,.@-]{1,128})[\"'`]?"
    r"\s+(?:cannot\s+be\s+found|does\s+not\s+exist|was\s+not\s+found|not\s+found)"
    r"|\bLogin\s+Profile\s+for\s+User\s+(?P<login>[\w+=,.@-]{1,64})"
    r"|(?P<arn>arn:[\w-]{1,20}:iam::(?:\d{12}|aws)?:[\w./+=,@:-]{1,600})",
    2,  # re.IGNORECASE
)
_INLINE = regex(r"\b(?:role|user|group)\s+policy\s+with\s+name\s+\S{1,130}\s+cannot", 2)


def missing_entity(text: str) -> tuple[str | None, str | None]:
    """The ``entity_type`` and the name of what the text says does not exist, the ARN in place of the name where the
    text has it; None for what it does not say. Inline policies are none of IAM's entities."""
    if _INLINE.search(text) or not (found := _NAMED.search(text)):
        return None, None
    if found["login"]:
        return "login-profile", found["login"]
    if found["name"]:
        return "-".join(found["kind"].lower().split()), trimmed(found["name"])
    arn = Arn.parse(trimmed(found["arn"]) or "")
    return (arn.type, str(arn)) if arn is not None else (None, None)
