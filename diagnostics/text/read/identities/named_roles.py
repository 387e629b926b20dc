"""The roles that a text names: in an ARN, or after the word role."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_NAME = r"[\w+=,.@-]*[\w+=@-]"
_NAMED = regex(
    rf"(?::role/(?:[\w+=,.@-]+/)*|\bassumed-role/)(?P<arn>{_NAME})"
    rf"|(?<![\w-])roles?[ \t]+(?:(?:named|called|name)[ \t:=]+)?[\"'`“]?(?P<after>{_NAME})(?![\w/-])"
    rf"|[\"'`“](?P<before>{_NAME})[\"'`”][ \t]+role\b",
    re.IGNORECASE,
)
_LIKE_A_NAME = regex(r"[-_\d]|[a-z][A-Z]")
"""Characters that a name has and an English word has not."""


def named_roles(text: str) -> tuple[str, ...]:
    """Return the names of the roles in the text, in its order, each once."""
    found = (each["arn"] or each["after"] or each["before"] for each in _NAMED.finditer(text))
    return tuple(dict.fromkeys(name for name in found if _LIKE_A_NAME.search(name)))
