"""Find an external ID that a text names but its call does not send."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_EXTERNAL_ID = regex(
    r"\bext(?:ernal)?[ _-]?id\b[\"']?(?:\s+(?:is|was)\b|[ \t]*[:=])?[ \t]*[\"'`]?"
    r"(?P<id>(?=[\w+=,.@:/-]*\d)[\w+=,.@:/-]{2,200}[\w+=@/-])",
    re.IGNORECASE,
)
_ASSUMES = regex(r"\baws\b[^\n]*\bsts assume-role\b(?P<options>[^\n]*(?:\\\n[^\n]*){0,8})")


def unsent_external_id(text: str) -> str:
    """Return the external ID that the text names if its command assumes the role without one; else "".

    IAM User Guide, "Access to AWS accounts owned by third parties"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html).
    """
    commands, named = list(_ASSUMES.finditer(text)), {found["id"] for found in _EXTERNAL_ID.finditer(text)}
    if not commands or len(named) != 1 or any("--external-id" in each["options"] for each in commands):
        return ""
    return named.pop()
