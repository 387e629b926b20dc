"""Condition operators. Each has one row in `FORMS`, with its names, its comparison, and words that describe it.

IAM User Guide, "IAM JSON policy elements: Condition operators". To add an operator, add a row.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from iam.policy.globs import Globs
from iam.policy.match import Matcher, arn_matcher, compile_glob
from iam.policy.values import address, instant, network, number
from iam.policy.variables import shielded

if TYPE_CHECKING:
    from iam.policy.values import Amount, Network

Test = Callable[[str], "bool | None"]
"""A function that tests whether a request's value matches a policy's value.

It returns None if they cannot be compared.
"""


@dataclass(frozen=True, slots=True)
class OperatorForm:
    """The positive form of a condition operator.

    ``prepare`` turns a policy's value into a test. ``words`` describe what a condition with this operator requires of
    its key, and what its negated form (if any) requires. ``aliases`` are names with the same meaning, ``negated`` names
    with the opposite meaning. ``variables``: policy variables in its values are resolved. ``patterns``: ``*`` and ``?``
    in its values are wildcards.
    """

    name: str
    prepare: Callable[[str], Test]
    words: tuple[str, str]
    negated: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    variables: bool = False
    patterns: bool = False

    def matches_all(self, texts: tuple[str, ...]) -> bool:
        """Whether these policy values together match every value that the key can have."""
        if self.prepare is _boolean:
            return {"true", "false"} <= {text.lower() for text in texts}
        return self.prepare is _like and any(text and not text.strip("*") for text in texts)


@dataclass(frozen=True, slots=True)
class Operator:
    """A condition operator as it is written: its positive ``form`` and its modifiers.

    ``over`` is ``all`` for ForAllValues, ``any`` for ForAnyValue, else None.
    """

    form: OperatorForm
    negated: bool
    if_exists: bool
    over: str | None

    @property
    def base(self) -> str:
        """The name of the positive form, as AWS spells it."""
        return self.form.name

    @property
    def variables(self) -> bool:
        return self.form.variables

    @property
    def without_key(self) -> bool:
        """Whether the condition is true for a request that lacks the key."""
        return self.over == "all" or (self.over is None and (self.if_exists or self.negated))


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
        return incomparable
    return lambda had: matches(shielded(had)) if had.count(":") >= 5 else None


def _boolean(wanted: str) -> Test:
    lowered = wanted.lower()
    if lowered not in ("true", "false"):
        return incomparable

    def test(had: str) -> bool | None:
        given = had.lower()
        return given == lowered if given in ("true", "false") else None

    return test


def _binary(wanted: str) -> Test:
    octets = _octets(wanted)
    if octets is None:
        return incomparable

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
        return incomparable
    within: Network = block

    def test(had: str) -> bool | None:
        given = address(had)
        return None if given is None else given in within

    return test


def incomparable(_: str) -> bool | None:
    """Return None. This is the test for a policy value that is invalid for its operator."""
    return None


def _ordered(parse: Callable[[str], Amount | None], compare: Callable[[Amount, Amount], bool]) -> Callable[[str], Test]:
    def prepare(wanted: str) -> Test:
        bound = parse(wanted)
        if bound is None:
            return incomparable
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


FORMS: tuple[OperatorForm, ...] = (
    OperatorForm("StringEquals", _exactly, ("to be", "not to be"), ("StringNotEquals",), variables=True),
    OperatorForm(
        "StringEqualsIgnoreCase",
        _ignoring_case,
        ("to be, in any case,", "not to be, in any case,"),
        ("StringNotEqualsIgnoreCase",),
        variables=True,
    ),
    OperatorForm("StringLike", _like, ("to match", "not to match"), ("StringNotLike",), variables=True, patterns=True),
    OperatorForm(
        "ArnLike",
        _arn_like,
        ("to match", "not to match"),
        ("ArnNotLike", "ArnNotEquals"),
        ("ArnEquals",),  # "ArnEquals and ArnLike behave identically."
        variables=True,
        patterns=True,
    ),
    OperatorForm("Bool", _boolean, ("to be", "not to be"), variables=True),
    OperatorForm("BinaryEquals", _binary, ("to be", "not to be")),
    OperatorForm("IpAddress", _in_network, ("to be in", "not to be in"), ("NotIpAddress",)),
    OperatorForm("NumericEquals", _ordered(number, _equal), ("to be", "not to be"), ("NumericNotEquals",)),
    OperatorForm("NumericLessThan", _ordered(number, _less), ("to be less than", "to be at least")),
    OperatorForm("NumericLessThanEquals", _ordered(number, _less_equal), ("to be at most", "to be more than")),
    OperatorForm("NumericGreaterThan", _ordered(number, _greater), ("to be more than", "to be at most")),
    OperatorForm("NumericGreaterThanEquals", _ordered(number, _greater_equal), ("to be at least", "to be less than")),
    OperatorForm("DateEquals", _ordered(instant, _equal), ("to be", "not to be"), ("DateNotEquals",)),
    OperatorForm("DateLessThan", _ordered(instant, _less), ("to be before", "to be no earlier than")),
    OperatorForm("DateLessThanEquals", _ordered(instant, _less_equal), ("to be no later than", "to be after")),
    OperatorForm("DateGreaterThan", _ordered(instant, _greater), ("to be after", "to be no later than")),
    OperatorForm("DateGreaterThanEquals", _ordered(instant, _greater_equal), ("to be no earlier than", "to be before")),
    OperatorForm("Null", _boolean, ("to be absent", "to be present")),
)
_by_lower_name: dict[str, tuple[OperatorForm, bool]] = {
    **{name.lower(): (form, False) for form in FORMS for name in (form.name, *form.aliases)},
    **{name.lower(): (form, True) for form in FORMS for name in form.negated},
}


@lru_cache(maxsize=1024)
def operator(written: str) -> Operator | None:
    """Return the operator with this name, ignoring case, or None if AWS has no such operator."""
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
    form, negated = entry
    return Operator(form, negated, if_exists, over)


_FEW = 16  # up to this number, patterns are matched one by one


def any_value(form: OperatorForm, texts: tuple[str, ...]) -> Test:
    """Return a test of whether any of several values matches.

    The test returns None if no value matches and at least one cannot be compared.
    """
    if form.prepare is _exactly:
        return frozenset(texts).__contains__
    if form.prepare is _ignoring_case:
        lowered = frozenset(text.lower() for text in texts)
        return lambda had: had.lower() in lowered
    if form.prepare is _like and len(texts) > _FEW:
        globs = Globs((text, compile_glob(text)) for text in dict.fromkeys(texts))
        if any("\ue000" in text or "\ue001" in text for text in texts):
            return lambda had: globs.match(shielded(had))
        return globs.match
    if form.prepare is _arn_like and len(texts) > _FEW:
        return _one_of_arns(texts)
    if form.prepare is _in_network and len(texts) > _FEW:
        return _one_of_networks(texts)
    if (value := _VALUES.get(form.name)) and len(texts) > _FEW:
        return _one_of_values(value, texts)
    if (bound := _BOUNDS.get(form.name)) and len(texts) > _FEW:
        texts = _outermost(bound, texts)
    return any_of(tuple(map(form.prepare, dict.fromkeys(texts))))


def _one_of_arns(texts: tuple[str, ...]) -> Test:
    matchers = [(text.partition(":")[2], arn_matcher(text)) for text in dict.fromkeys(texts)]
    globs = Globs(((rest, _after_arn(matches)) for rest, matches in matchers if matches is not None), fields=5)
    otherwise = None if any(matches is None for _, matches in matchers) else False

    def test(had: str) -> bool | None:
        if had.count(":") < 5:
            return None
        return True if globs.match(shielded(had.partition(":")[2])) else otherwise

    return test


def _after_arn(matches: Matcher) -> Matcher:
    return lambda rest: matches(f"arn:{rest}")


def _one_of_networks(texts: tuple[str, ...]) -> Test:
    blocks = [block for text in texts if (block := network(text)) is not None]
    otherwise = None if len(blocks) < len(texts) else False
    starts: dict[tuple[int, int], set[int]] = {}  # IP version and number of free bits → the values of the other bits
    for block in blocks:
        free = block.max_prefixlen - block.prefixlen
        starts.setdefault((block.version, free), set()).add(int(block.network_address) >> free)

    def test(had: str) -> bool | None:
        given = address(had)
        if given is None:
            return None
        digits = int(given)
        within = (digits >> free in its for (version, free), its in starts.items() if version == given.version)
        return True if any(within) else otherwise

    return test


_VALUES: dict[str, Callable[[str], object]] = {"BinaryEquals": _octets, "NumericEquals": number, "DateEquals": instant}
"""Functions that parse a value, for operators that compare values rather than text.

They return None for invalid values.
"""


def _one_of_values(value: Callable[[str], object], texts: tuple[str, ...]) -> Test:
    wanted = {value(text) for text in texts}
    otherwise = None if None in wanted else False

    def test(had: str) -> bool | None:
        given = value(had)
        return None if given is None else True if given in wanted else otherwise

    return test


_BOUNDS: dict[str, tuple[Callable[[str], Amount | None], bool]] = {
    f"{kind}{name}": (parse, greatest)
    for kind, parse in (("Numeric", number), ("Date", instant))
    for name, greatest in (
        ("LessThan", True),
        ("LessThanEquals", True),
        ("GreaterThan", False),
        ("GreaterThanEquals", False),
    )
}
"""Operators for which one of several values decides: the parser, and whether the greatest value decides."""


def _outermost(bound: tuple[Callable[[str], Amount | None], bool], texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the value that decides for all others and, if one of them cannot be compared, that value too."""
    parse, greatest = bound
    values = {text: parse(text) for text in texts}
    comparable = [(value, text) for text, value in values.items() if value is not None]
    found = [(max if greatest else min)(comparable)[1]] if comparable else []
    return (*found, *[text for text, value in values.items() if value is None][:1])


def any_of(tests: tuple[Test, ...]) -> Test:
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
