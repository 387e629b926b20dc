"""Condition operators, compiled once a statement (IAM User Guide, "IAM JSON policy elements: Condition operators").

Rules that are easy to get wrong, as AWS has them:

- Several values of one key in the policy are alternatives for a positive operator; a negated operator is true only
  when none of them matches.
- A key that the request lacks makes a positive operator false and a negated one true; ``…IfExists`` makes both true.
  ``ForAllValues:`` is true without the key, ``ForAnyValue:`` false, also with ``IfExists``
  (https://repost.aws/questions/QU9HFmDzP0QGuU-fd7rS6B7w saw that happen).
- A value that is no number, date, address … for its operator makes the condition false, negated or not; so does a
  policy variable without a value in a negated operator. Nothing becomes true because it could not be compared.
- A key with several values needs a set operator: without one the condition is false.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from iam.policy.match import arn_matcher, compile_glob
from iam.policy.statements import ConditionBlock
from iam.policy.values import address, instant, network, number
from iam.policy.variables import Template, plain, shielded, template

if TYPE_CHECKING:
    from iam.policy.values import Amount, Network

Lookup = Callable[[str], "tuple[str, ...] | None"]
Test = Callable[[str], "bool | None"]
"""A wanted value, ready to be compared with one that the request has. None: not comparable."""


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator's parts. ``base`` is its name without prefix, suffix and negation, in AWS's spelling."""

    base: str
    negated: bool
    if_exists: bool
    over: str | None  # "all", "any", or None
    variables: bool


def _exactly(wanted: str) -> Test:
    return wanted.__eq__


def _ignoring_case(wanted: str) -> Test:
    lowered = wanted.lower()
    return lambda had: had.lower() == lowered


def _like(wanted: str) -> Test:
    glob = compile_glob(wanted)
    if "\ue000" in wanted or "\ue001" in wanted:
        return lambda had: glob(shielded(had))
    return glob


def _arn_like(wanted: str) -> Test:
    matches = arn_matcher(wanted)
    if matches is None:
        return _incomparable
    return lambda had: matches(shielded(had)) if had.count(":") >= 5 else None


def _boolean(wanted: str) -> Test:
    lowered = wanted.lower()
    if lowered not in ("true", "false"):
        return _incomparable

    def test(had: str) -> bool | None:
        given = had.lower()
        return given == lowered if given in ("true", "false") else None

    return test


def _binary(wanted: str) -> Test:
    octets = _octets(wanted)
    if octets is None:
        return _incomparable

    def test(had: str) -> bool | None:
        given = _octets(had)
        return None if given is None else given == octets

    return test


def _octets(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _in_network(wanted: str) -> Test:
    block = network(wanted)
    if block is None:
        return _incomparable
    within: Network = block

    def test(had: str) -> bool | None:
        given = address(had)
        return None if given is None else given in within

    return test


def _incomparable(_: str) -> bool | None:
    return None


def _ordered(parse: Callable[[str], Amount | None], compare: Callable[[Amount, Amount], bool]) -> Callable[[str], Test]:
    def prepare(wanted: str) -> Test:
        bound = parse(wanted)
        if bound is None:
            return _incomparable
        fixed: Amount = bound

        def test(had: str) -> bool | None:
            given = parse(had)
            return None if given is None else compare(given, fixed)

        return test

    return prepare


def _less(had: Amount, wanted: Amount) -> bool:
    return had < wanted


def _less_equal(had: Amount, wanted: Amount) -> bool:
    return had <= wanted


def _greater(had: Amount, wanted: Amount) -> bool:
    return had > wanted


def _greater_equal(had: Amount, wanted: Amount) -> bool:
    return had >= wanted


def _equal(had: Amount, wanted: Amount) -> bool:
    return had == wanted


# name → (positive form, negated, how to prepare a wanted value, whether variables are filled in)
_OPERATORS: dict[str, tuple[str, bool, Callable[[str], Test], bool]] = {
    "StringEquals": ("StringEquals", False, _exactly, True),
    "StringNotEquals": ("StringEquals", True, _exactly, True),
    "StringEqualsIgnoreCase": ("StringEqualsIgnoreCase", False, _ignoring_case, True),
    "StringNotEqualsIgnoreCase": ("StringEqualsIgnoreCase", True, _ignoring_case, True),
    "StringLike": ("StringLike", False, _like, True),
    "StringNotLike": ("StringLike", True, _like, True),
    # "ArnEquals and ArnLike behave identically."
    "ArnEquals": ("ArnLike", False, _arn_like, True),
    "ArnLike": ("ArnLike", False, _arn_like, True),
    "ArnNotEquals": ("ArnLike", True, _arn_like, True),
    "ArnNotLike": ("ArnLike", True, _arn_like, True),
    "Bool": ("Bool", False, _boolean, True),
    "BinaryEquals": ("BinaryEquals", False, _binary, False),
    "IpAddress": ("IpAddress", False, _in_network, False),
    "NotIpAddress": ("IpAddress", True, _in_network, False),
    "NumericEquals": ("NumericEquals", False, _ordered(number, _equal), False),
    "NumericNotEquals": ("NumericEquals", True, _ordered(number, _equal), False),
    "NumericLessThan": ("NumericLessThan", False, _ordered(number, _less), False),
    "NumericLessThanEquals": ("NumericLessThanEquals", False, _ordered(number, _less_equal), False),
    "NumericGreaterThan": ("NumericGreaterThan", False, _ordered(number, _greater), False),
    "NumericGreaterThanEquals": ("NumericGreaterThanEquals", False, _ordered(number, _greater_equal), False),
    "DateEquals": ("DateEquals", False, _ordered(instant, _equal), False),
    "DateNotEquals": ("DateEquals", True, _ordered(instant, _equal), False),
    "DateLessThan": ("DateLessThan", False, _ordered(instant, _less), False),
    "DateLessThanEquals": ("DateLessThanEquals", False, _ordered(instant, _less_equal), False),
    "DateGreaterThan": ("DateGreaterThan", False, _ordered(instant, _greater), False),
    "DateGreaterThanEquals": ("DateGreaterThanEquals", False, _ordered(instant, _greater_equal), False),
    "Null": ("Null", False, _boolean, False),
}
_by_lower_name = {name.lower(): entry for name, entry in _OPERATORS.items()}


@lru_cache(maxsize=1024)
def operator(written: str) -> Operator | None:
    """The parts of an operator as written in a policy, or None for one that AWS does not know."""
    name = written.lower()
    over: str | None = None
    for prefix, meaning in (("forallvalues:", "all"), ("foranyvalue:", "any")):
        if name.startswith(prefix):
            over, name = meaning, name.removeprefix(prefix)
    if_exists = name.endswith("ifexists")
    entry = _by_lower_name.get(name.removesuffix("ifexists"))
    if entry is None:
        return None
    base, negated, _, variables = entry
    return Operator(base, negated, if_exists, over, variables)


class Condition:
    """One operator and key, ready to be asked. ``key`` is in lower case."""

    __slots__ = ("_tests", "block", "holds", "key", "operator", "templates")

    def __init__(self, block: ConditionBlock, variables_live: bool) -> None:
        """Raises ValueError for an operator that AWS does not know."""
        parts = operator(block.operator)
        if parts is None:
            raise ValueError(f"AWS knows no condition operator {block.operator!r}")
        self.block = block
        self.key = block.key.lower()
        self.operator = parts
        prepare = _by_name[parts.base]
        self.templates: tuple[Template, ...] = ()
        fixed = block.values
        if variables_live and parts.variables:
            found = [(text, template(text)) for text in block.values]
            self.templates = tuple(filled for _, filled in found if filled)
            fixed = tuple(text for text, filled in found if not filled)
        self._tests: tuple[Test, ...] = tuple(prepare(text) for text in fixed)
        self.holds: Callable[[Lookup], bool] = self._choose(parts)

    def _choose(self, parts: Operator) -> Callable[[Lookup], bool]:
        if parts.base == "Null":
            wanted = {text.lower() for text in self.block.values}
            return lambda lookup: ("false" if lookup(self.block.key) is not None else "true") in wanted
        if parts.over is None and not parts.negated and not self.templates and parts.base == "StringEquals":
            values = frozenset(self.block.values)

            def equals(lookup: Lookup) -> bool:
                had = lookup(self.block.key)
                if had is None:
                    return parts.if_exists
                return len(had) == 1 and had[0] in values

            return equals
        return self._holds

    def _holds(self, lookup: Lookup) -> bool:
        parts = self.operator
        had = lookup(self.block.key)
        if had is None:
            return parts.over == "all" or (parts.over is None and (parts.if_exists or parts.negated))
        tests = self._tests
        unresolved = False
        if self.templates:
            prepare = _by_name[parts.base]
            glob = parts.base in _GLOBS
            for filled in self.templates:
                text = filled.resolve(lookup)
                if text is None:
                    unresolved = True
                else:
                    tests = (*tests, prepare(text if glob else plain(text)))
        if parts.negated and unresolved:
            return False
        if parts.over is None:
            return len(had) == 1 and _one_holds(tests, had[0], parts.negated)
        if not had or had == ("",):
            # "a null dataset, such as an empty string" counts as no value at all.
            return parts.over == "all"
        if parts.over == "all":
            return all(_one_holds(tests, value, parts.negated) for value in had)
        return any(_one_holds(tests, value, parts.negated) for value in had)

    def matching(self, lookup: Lookup) -> tuple[str, ...]:
        """The values as they are compared, with variables filled in where they have a value."""
        if not self.templates:
            return self.block.values
        texts = []
        for text in self.block.values:
            filled = template(text)
            resolved = filled.resolve(lookup) if filled else None
            texts.append(text if resolved is None else plain(resolved))
        return tuple(texts)

    def unresolved(self, lookup: Lookup) -> tuple[str, ...]:
        """The keys of policy variables that have no value here."""
        return tuple(key for filled in self.templates for key in filled.unresolved(lookup))


_by_name = {base: prepare for base, _, prepare, _ in _OPERATORS.values()}
_GLOBS = frozenset({"StringLike", "ArnLike"})


def _one_holds(tests: tuple[Test, ...], had: str, negated: bool) -> bool:
    if not negated:
        return any(test(had) for test in tests)
    return all(test(had) is False for test in tests)
