"""The limits above which the review reports something as too old, too long or unusual."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from iam.break_glass import USUAL as BREAK_GLASS


class LimitError(ValueError):
    """Raised for an invalid limit. ``str()`` names the key and says which values are valid."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a review.

    ``own_accounts`` are your own accounts outside the organization. ``owner_tags`` are the tag keys (in lower case)
    that may name a role's owner. A property is a habit if at least the share ``habit_share`` of the roles has it, and
    at least ``habit_least`` roles; roles without it are reported. ``naming`` is a regular expression for role names,
    which replaces a habit. ``break_glass`` is a regular expression that identifies emergency roles: it matches part of
    the name, or a tag as ``key=value``.
    """

    unused_days: int = 90
    key_days: int = 90
    session_hours: int = 8
    expiring_days: int = 30
    forecast_days: int = 180
    own_accounts: tuple[str, ...] = ()
    owner_tags: tuple[str, ...] = ("owner", "team", "contact", "squad", "cost-center", "costcenter", "maintainer")
    habit_share: float = 0.8
    habit_least: int = 10
    quota_share: float = 0.8
    naming: str = ""
    break_glass: str = BREAK_GLASS


def read_limits(table: Mapping[str, Any]) -> Limits:
    """Return the limits in the configuration's table ``review``. Raises `LimitError`."""
    types = {field.name: type(field.default) for field in fields(Limits)}
    given: dict[str, Any] = {}
    for key, value in table.items():
        if key not in types:
            raise LimitError(f"{key} is not one of {', '.join(types)}")
        given[key] = _LIMIT_READERS[types[key]](key, value)
    for key in given.keys() & {"naming", "break_glass"}:
        try:
            re.compile(given[key])
        except re.error as error:
            raise LimitError(f"{key} must be a regular expression: {error}") from None
    return Limits(**given)


def _number(key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise LimitError(f"{key} must be an integer of at least 1")
    return value


def _share(key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise LimitError(f"{key} must be a fraction between 0 and 1, for example 0.8")
    return float(value)


def _words(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise LimitError(f"{key} must be a list of strings")
    return tuple(each.lower() for each in value)


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise LimitError(f"{key} must be a string")
    return value


_LIMIT_READERS = {int: _number, float: _share, tuple: _words, str: _text}
