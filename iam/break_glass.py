"""Roles for emergencies, which nobody uses otherwise: told by their name, or by a tag."""

from __future__ import annotations

import re

from iam.account import Role

USUAL = r"break[-_. ]?glass|emergency[-_. ]?(access|admin)|fire[-_. ]?fighter"
"""How their names, or tags as ``key=value``, usually look; in any case."""
_NOT = ("false", "no", "0")


def is_break_glass(role: Role, pattern: str = USUAL) -> bool:
    """``pattern`` is a regular expression for a part of the name or of a tag ``key=value``.

    A tag that says no is none.
    """
    found = re.compile(pattern, re.IGNORECASE).search
    tags = (role.tags or {}).items()
    return bool(found(role.name)) or any(found(f"{key}={value}") for key, value in tags if value.lower() not in _NOT)
