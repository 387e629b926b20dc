"""Condition keys known only not to have a certain value, such as the organization of an outside account.

An account that is missing from a complete list of an organization's accounts is in another organization, or in none.
Its ``aws:PrincipalOrgID`` is absent or some other ID. A condition on such a key is evaluated for an example of every
case that makes a difference: the key is absent, its value is an organization that no policy names, or its value matches
a pattern of a policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iam.policy.conditions import Condition, Lookup


class OtherThan(str):
    """The value of an organization key that is either absent or not ``excluded``.

    The string is what screens show. Evaluation treats the key as unknown (`iam.policy.compiled.Asked`).
    """

    __slots__ = ("excluded",)

    excluded: str

    def __new__(cls, excluded: str) -> OtherThan:
        """Create the value. ``excluded`` is an organization's ID, or the account ID of its management account."""
        made = super().__new__(cls, f"not {excluded}")
        made.excluded = excluded
        return made


def is_known(values: tuple[str, ...]) -> bool:
    """Whether these values of a key are known. False if only an excluded value is known."""
    return not (values and isinstance(values[0], OtherThan))


MOST_TRIED = 4096
"""The maximum number of combinations of values that are tried. A condition that needs more remains undecided."""
_FRESH = ("o-zzzzzzzzzz", f"o-{'z' * 32}")
"""IDs of organizations that no policy names: one of the shortest and one of the longest possible length.

https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
"""
_FRESH_PATHS = tuple(
    f"{id}/{below}" for id in _FRESH for below in ("r-zzzz/", "r-zzzz/ou-zzzz-zzzzzzzz/ou-zzzz-zzzzzzzz/")
)
_FRESH_NUMBERS = ("000000000000",)


def worlds(
    conditions: Iterable[Condition], excluded: Mapping[str, str], absent: Mapping[str, bool], lookup: Lookup
) -> Iterator[Lookup] | None:
    """Return an iterator over lookups: one for each combination of values of the ``excluded`` keys that matters.

    Combinations that the conditions cannot distinguish are tried only once. None if there are too many. ``absent`` says
    for each key whether it is known to be absent.
    """
    conditions = tuple(conditions)
    mentioned = {key.lower() for one in conditions for key in (one.block.key, *_variables(one))}
    keys = [key for key in excluded if key in mentioned]
    tried = [[None, *_values(key, excluded[key], conditions, lookup)] if not absent[key] else [None] for key in keys]
    count = 1
    for each in tried:
        count *= len(each)
    if count > MOST_TRIED:
        return None
    return islice((_with(dict(zip(keys, chosen, strict=True)), lookup) for chosen in product(*tried)), MOST_TRIED)


def _variables(condition: Condition) -> tuple[str, ...]:
    return tuple(key for filled in condition.templates for key in filled.keys)


def _with(chosen: Mapping[str, str | None], lookup: Lookup) -> Lookup:
    def found(key: str) -> tuple[str, ...] | None:
        low = key.lower()
        if low not in chosen:
            return lookup(key)
        value = chosen[low]
        return None if value is None else (value,)

    return found


def _values(key: str, excluded: str, conditions: Iterable[Condition], lookup: Lookup) -> list[str]:
    """Return values of the key that the conditions distinguish."""
    fresh = _FRESH_PATHS if key.endswith("orgpaths") else _FRESH_NUMBERS if excluded.isdigit() else _FRESH
    found = list(fresh)
    for one in conditions:
        # A value that a variable is compared with is tried for the key, and vice versa.
        had = lookup(one.block.key) or ()
        opened = (filled.open(lookup) for filled in one.templates)
        for text in (*one.block.values, *opened, *had, *(value.partition("/")[0] for value in had)):
            for star in ("", "z", fresh[0]):
                found.append(text.replace("*", star).replace("?", "z"))
    return [value for value in dict.fromkeys(found) if value.partition("/")[0] != excluded and "${" not in value]
