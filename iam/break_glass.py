"""Break-glass roles, used only in an emergency and recognized by their name or by a tag."""

from __future__ import annotations

import re

from iam.account import Role

USUAL = r"break[-_. ]?glass|emergency[-_. ]?(access|admin)|fire[-_. ]?fighter"
"""The usual pattern of their names, or of their tags as ``key=value``. Case is ignored."""
_NOT = ("false", "no", "0")


def is_break_glass(role: Role, pattern: str = USUAL) -> bool:
    """Whether the name of a role, or one of its tags as ``key=value``, contains a match of the regular expression.

    A tag whose value means "no" does not count.
    """
    found = re.compile(pattern, re.IGNORECASE).search
    tags = (role.tags or {}).items()
    return bool(found(role.name)) or any(found(f"{key}={value}") for key, value in tags if value.lower() not in _NOT)
