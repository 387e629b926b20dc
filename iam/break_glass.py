"""Break-glass roles: roles for emergencies, recognized by their name or by a tag."""

from __future__ import annotations

import re

from iam.account import Role

USUAL = r"break[-_. ]?glass|emergency[-_. ]?(access|admin)|fire[-_. ]?fighter"
"""The default pattern for the names of break-glass roles, or for their tags written as ``key=value``.

Case is ignored.
"""
_NOT = ("false", "no", "0")


def is_break_glass(role: Role, pattern: str = USUAL) -> bool:
    """Whether the regular expression matches a part of the role's name, or of one of its tags written as ``key=value``.

    A tag whose value means "no" is ignored.
    """
    found = re.compile(pattern, re.IGNORECASE).search
    tags = (role.tags or {}).items()
    return bool(found(role.name)) or any(found(f"{key}={value}") for key, value in tags if value.lower() not in _NOT)
