"""AWS's own result of an evaluation that it recorded."""

from __future__ import annotations

from enum import StrEnum


class Effect(StrEnum):
    """AWS's result of an evaluation or a check. ``NO_IMPACT``: nothing matched, and nothing needed to."""

    ALLOW = "ALLOW"
    NO_IMPACT = "NO_IMPACT"
    IMPLICIT_DENY = "IMPLICIT_DENY"
    EXPLICIT_DENY = "EXPLICIT_DENY"

    @property
    def words(self) -> str:
        return self.value.lower().replace("_", " ")
