"""Condition operators, compiled once a statement (IAM User Guide, "IAM JSON policy elements: Condition operators").

Rules that are easy to get wrong, as AWS has them:

- Several values of one key in the policy are alternatives for a positive operator; a negated operator is true only
  when none of them matches.
- A key that the request lacks makes a positive operator false and a negated one true; ``…IfExists`` makes both true.
  ``ForAllValues:`` is true without the key, ``ForAnyValue:`` false, also with ``IfExists``
  (https://repost.aws/questions/QU9HFmDzP0QGuU-fd7rS6B7w saw that happen). An empty list is a key that is not there;
  an empty text is null to these two and to ``Null``.
- A policy variable without a value is null, which nothing equals: no positive operator matches it, and a negated one
  "does match" (IAM User Guide, "IAM policy elements: Variables and tags", Policy variables with no value).
- A value that is no number, date, address … for its operator makes the condition false, negated or not. Nothing
  becomes true because it could not be compared.
- A key with several values needs a set operator: without one the condition is false.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import TYPE_CHECKING

from iam.policy.globs import Globs
from iam.policy.match import arn_matcher, compile_glob
from iam.policy.operators import Operator, operator
from iam.policy.statements import ConditionBlock
from iam.policy.values import address, instant, network, number
from iam.policy.variables import Template, plain, shielded, template

if TYPE_CHECKING:
    from iam.policy.values import Amount, Network

Lookup = Callable[[str], "tuple[str, ...] | None"]
Test = Callable[[str], "bool | None"]
"""A wanted value, ready to be compared with one that the request has. None: not comparable."""


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


# How each positive operator prepares a wanted value for comparison.
_PREPARE: dict[str, Callable[[str], Test]] = {
    "StringEquals": _exactly,
    "StringEqualsIgnoreCase": _ignoring_case,
    "StringLike": _like,
    "ArnLike": _arn_like,
    "Bool": _boolean,
    "BinaryEquals": _binary,
    "IpAddress": _in_network,
    "NumericEquals": _ordered(number, _equal),
    "NumericLessThan": _ordered(number, _less),
    "NumericLessThanEquals": _ordered(number, _less_equal),
    "NumericGreaterThan": _ordered(number, _greater),
    "NumericGreaterThanEquals": _ordered(number, _greater_equal),
    "DateEquals": _ordered(instant, _equal),
    "DateLessThan": _ordered(instant, _less),
    "DateLessThanEquals": _ordered(instant, _less_equal),
    "DateGreaterThan": _ordered(instant, _greater),
    "DateGreaterThanEquals": _ordered(instant, _greater_equal),
    "Null": _boolean,
}
_GLOBS = frozenset({"StringLike", "ArnLike"})
_FEW = 16  # so many patterns are asked one by one


def _prepared(base: str, texts: tuple[str, ...]) -> Test:
    """One test for several values: whether any of them matches; None where none does and one is not comparable."""
    if base == "StringEquals":
        return frozenset(texts).__contains__
    if base == "StringEqualsIgnoreCase":
        lowered = frozenset(text.lower() for text in texts)
        return lambda had: had.lower() in lowered
    if base == "StringLike" and len(texts) > _FEW:
        globs = Globs((text, compile_glob(text)) for text in texts)
        return lambda had: any(matches(had) for matches in globs.near(had))
    if base == "ArnLike" and len(texts) > _FEW:
        return _one_of_arns(texts)
    return _any_of(tuple(map(_PREPARE[base], texts)))


def _one_of_arns(texts: tuple[str, ...]) -> Test:
    matchers = [(text.split(":", 5)[-1], arn_matcher(text)) for text in texts]
    globs = Globs((resource, matches) for resource, matches in matchers if matches is not None)
    otherwise = None if any(matches is None for _, matches in matchers) else False

    def test(had: str) -> bool | None:
        parts = had.split(":", 5)
        if len(parts) < 6:
            return None
        return True if any(matches(had) for matches in globs.near(parts[5])) else otherwise

    return test


def _any_of(tests: tuple[Test, ...]) -> Test:
    def test(had: str) -> bool | None:
        answer: bool | None = False
        for one in tests:
            found = one(had)
            if found:
                return True
            if found is None:
                answer = None
        return answer

    return tests[0] if len(tests) == 1 else test


class Condition:
    """One operator and key, ready to be asked. ``key`` is in lower case."""

    __slots__ = ("_fixed", "_test", "block", "holds", "key", "operator", "templates")

    def __init__(self, block: ConditionBlock, variables_live: bool) -> None:
        """Raises ValueError for an operator that AWS does not know."""
        parts = operator(block.operator)
        if parts is None:
            raise ValueError(f"AWS knows no condition operator {block.operator!r}")
        self.block = block
        self.key = block.key.lower()
        self.operator = parts
        self.templates: tuple[Template, ...] = ()
        fixed = block.values
        if variables_live and parts.variables:
            found = [(text, template(text)) for text in block.values]
            self.templates = tuple(filled for _, filled in found if filled)
            fixed = tuple(text for text, filled in found if not filled)
        self._fixed = fixed
        self._test: Test | None = None  # made when it is first needed: most statements are about other actions
        self.holds: Callable[[Lookup], bool] = self._choose(parts)

    def _choose(self, parts: Operator) -> Callable[[Lookup], bool]:
        if parts.base == "Null":
            wanted = {text.lower() for text in self.block.values}
            return lambda lookup: ("true" if _is_null(lookup(self.block.key)) else "false") in wanted
        if parts.over is None and not parts.negated and not self.templates and parts.base == "StringEquals":
            values = frozenset(self.block.values)

            def equals(lookup: Lookup) -> bool:
                had = lookup(self.block.key)
                if not had:
                    return parts.if_exists
                return len(had) == 1 and had[0] in values

            return equals
        return self._holds

    def _holds(self, lookup: Lookup) -> bool:
        parts = self.operator
        had = lookup(self.block.key)
        if not had:
            return parts.over == "all" or (parts.over is None and (parts.if_exists or parts.negated))
        test = self._compared(lookup)
        wanted = not parts.negated  # what the test must say: a negated operator is true where nothing matches
        if parts.over is None:
            return len(had) == 1 and test(had[0]) is wanted
        if _is_null(had):
            return parts.over == "all"
        if parts.over == "all":
            return all(test(value) is wanted for value in had)
        return any(test(value) is wanted for value in had)

    def _compared(self, lookup: Lookup) -> Test:
        """The test of the values, with variables filled in; those without a value are equal to nothing."""
        base = self.operator.base
        test = self._test
        if test is None:
            test = self._test = _prepared(base, self._fixed)
        texts = [text for filled in self.templates if (text := filled.resolve(lookup)) is not None]
        if not texts:
            return test
        prepare = _PREPARE[base]
        return _any_of((test, *(prepare(text if base in _GLOBS else plain(text)) for text in texts)))

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


def _is_null(had: tuple[str, ...] | None) -> bool:
    """Whether a key is absent or "resolves to a null dataset, such as an empty string": the set operators and ``Null``
    take both alike (IAM User Guide, "Set operators for multivalued context keys")."""
    return not had or had == ("",)
