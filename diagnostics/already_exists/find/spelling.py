"""Recognize names that IAM does not allow, because a character is extra or only looks like an allowed one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from diagnostics.already_exists.kinds import FACTS, NAME_CHARACTERS, EntityKind

_OTHER_RULES = (EntityKind.OIDC_PROVIDER, EntityKind.ACCOUNT_ALIAS, EntityKind.MFA_DEVICE)


def fault_of(kind: EntityKind | None, name: str | None) -> str:
    """Return why no IAM entity can have this name, as a phrase that follows the name; "" if the name is possible."""
    if kind is None or name is None or kind in _OTHER_RULES or not name:
        return ""
    for place, character in enumerate(name, 1):
        if not NAME_CHARACTERS.fullmatch(character):
            called = unicodedata.name(character, "a control character")
            return f"has as character {place} U+{ord(character):04X} ({called.lower()}), which IAM accepts in no name"
    if len(name) > FACTS[kind].longest:
        return f"has {len(name)} characters, but a {FACTS[kind].word}'s name may have only {FACTS[kind].longest}"
    return ""


def looks_like(name: str, names: Iterable[str]) -> str | None:
    """Return the first of ``names`` that looks the same. A character that IAM does not allow matches any character."""
    if NAME_CHARACTERS.fullmatch(name) or len(name) > 128:
        return None
    pattern = "".join(re.escape(each) if NAME_CHARACTERS.fullmatch(each) else "." for each in name)
    return next((each for each in names if re.fullmatch(pattern, each, re.IGNORECASE)), None)
