"""The names of condition operators and what they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator's parts. ``base`` names its positive form, in AWS's spelling; ``over`` is ``all``, ``any`` or None.
    ``variables`` says whether policy variables in its values are filled in."""

    base: str
    negated: bool
    if_exists: bool
    over: str | None
    variables: bool


# name: (positive form, negated, variables filled in)
_NAMES: dict[str, tuple[str, bool, bool]] = {
    "StringEquals": ("StringEquals", False, True),
    "StringNotEquals": ("StringEquals", True, True),
    "StringEqualsIgnoreCase": ("StringEqualsIgnoreCase", False, True),
    "StringNotEqualsIgnoreCase": ("StringEqualsIgnoreCase", True, True),
    "StringLike": ("StringLike", False, True),
    "StringNotLike": ("StringLike", True, True),
    # "ArnEquals and ArnLike behave identically."
    "ArnEquals": ("ArnLike", False, True),
    "ArnLike": ("ArnLike", False, True),
    "ArnNotEquals": ("ArnLike", True, True),
    "ArnNotLike": ("ArnLike", True, True),
    "Bool": ("Bool", False, True),
    "BinaryEquals": ("BinaryEquals", False, False),
    "IpAddress": ("IpAddress", False, False),
    "NotIpAddress": ("IpAddress", True, False),
    "NumericEquals": ("NumericEquals", False, False),
    "NumericNotEquals": ("NumericEquals", True, False),
    "NumericLessThan": ("NumericLessThan", False, False),
    "NumericLessThanEquals": ("NumericLessThanEquals", False, False),
    "NumericGreaterThan": ("NumericGreaterThan", False, False),
    "NumericGreaterThanEquals": ("NumericGreaterThanEquals", False, False),
    "DateEquals": ("DateEquals", False, False),
    "DateNotEquals": ("DateEquals", True, False),
    "DateLessThan": ("DateLessThan", False, False),
    "DateLessThanEquals": ("DateLessThanEquals", False, False),
    "DateGreaterThan": ("DateGreaterThan", False, False),
    "DateGreaterThanEquals": ("DateGreaterThanEquals", False, False),
    "Null": ("Null", False, False),
}
_by_lower_name = {name.lower(): entry for name, entry in _NAMES.items()}


@lru_cache(maxsize=1024)
def operator(written: str) -> Operator | None:
    """The parts of an operator as written in a policy, in any case, or None for one that AWS does not know."""
    name = written.lower()
    over: str | None = None
    for prefix, meaning in (("forallvalues:", "all"), ("foranyvalue:", "any")):
        if name.startswith(prefix):
            over, name = meaning, name.removeprefix(prefix)
            break
    if_exists = name.endswith("ifexists")
    entry = _by_lower_name.get(name.removesuffix("ifexists"))
    if entry is None:
        return None
    base, negated, variables = entry
    return Operator(base, negated, if_exists, over, variables)
