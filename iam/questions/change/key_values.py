"""Find values of condition keys: one for each combination of truth values that a set of conditions can have.

Values that make the same conditions true are equivalent, so one of them is enough. Texts that match some patterns and
not others are found by following all patterns at once, character by character; numbers, dates and addresses are taken
at and between their bounds. `iam.policy.conditions` evaluates the conditions.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import combinations_with_replacement, pairwise, product

from iam.policy.conditions import Condition
from iam.policy.statements import ConditionBlock
from iam.policy.values import instant, network, number
from iam.questions.catalogue import PROBE

MOST_STEPS = 60_000
"""The maximum number of steps with which patterns are followed at once. Patterns that need more are too complex."""
MOST_POINTS = 400
"""The maximum number of values that are distinguished for one family of keys."""
MOST_OPEN = 6
"""The maximum number of texts with unknown variables that one family of keys may be compared with."""

Values = tuple[str, ...] | None
"""A request's values of a key; None if it lacks the key."""


class TooManyValues(Exception):
    """Raised if the conditions on a key have too many combinations of truth values."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of a key's values: ``prefix``, then at least one character, all of them from ``characters`` ("": any).

    With ``path``, the text neither begins (after the prefix) nor ends with a slash, like the names of roles and users.
    With ``slash``, it has a slash after its first part, like the paths of an organization.
    """

    prefix: str = ""
    characters: str = ""
    path: bool = False
    slash: bool = False
    seed: str = PROBE

    def fits(self, text: str) -> bool:
        rest = text.removeprefix(self.prefix)
        if not rest or not text.startswith(self.prefix) or (self.path and "/" in (rest[0], rest[-1])):
            return False
        if self.slash and ("/" not in rest or rest[0] == "/"):
            return False
        return not self.characters or all(char in self.characters for char in rest)


ANY_TEXT = Shape()
NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+=,.@/"
"""The characters that names and paths of roles and users can contain.

IAM User Guide, "IAM and AWS STS quotas", IAM name requirements.
"""


@dataclass(frozen=True, slots=True)
class Tested:
    """A condition whose variables are resolved.

    ``open`` are texts with variables whose values are unknown: the key may or may not be equal to them.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    open: tuple[str, ...] = ()

    def holds(self, point: Point) -> bool:
        had = point.values.get(self.key)
        if had and any(text in point.filled for text in self.open):
            return not _condition(self).operator.negated
        return _condition(self).holds(lambda key: point.values.get(key.lower()))


@lru_cache(maxsize=4096)
def _condition(tested: Tested) -> Condition:
    return Condition(ConditionBlock(tested.operator, tested.key, tested.values), False)


@dataclass(frozen=True, slots=True)
class Point:
    """An assignment of values to the keys of a family.

    ``filled`` are the texts with unknown variables that are assumed to equal the key.
    """

    values: Mapping[str, Values]
    filled: frozenset[str] = frozenset()
    truths: tuple[bool, ...] = ()
    """Whether each of the conditions is true for these values."""


def family_of(key: str) -> str:
    """Return the family of a key (in lower case). Keys whose values depend on each other belong to the same family."""
    if key in _OF_CALLER:
        return "caller"
    if key in _TIMES:
        return "time"
    for start in ("aws:principal", "aws:resource", "aws:source", "aws:vpce"):
        if key in (f"{start}orgid", f"{start}orgpaths"):
            return f"{start}org"
    return key


_OF_CALLER = ("aws:principalarn", "aws:principalaccount", "aws:username")
_TIMES = ("aws:currenttime", "aws:epochtime")
_ONE_VALUE = re.compile(
    r"aws:(?!tagkeys|calledvia$|principalservicenameslist)|sts:(?!transitivetagkeys)|.*:(sub|aud|iss)$"
)
"""Matches keys that have a single value, for which no sets of values need to be tried.

IAM User Guide, "AWS global condition context keys": those that are not multivalued; an organization's paths are a list
of one.
"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The limits on the values of a family of keys.

    ``shape`` is the form of aws:PrincipalArn. ``may_lack``: the keys may be absent. ``since`` is the earliest time of a
    request in seconds since 1970, and ``but`` are values that the key does not have.
    """

    may_lack: bool = True
    shape: Shape | None = None
    since: int = 0
    but: frozenset[str] = frozenset()


@lru_cache(maxsize=2048)
def points(family: str, conditions: tuple[Tested, ...], surroundings: Surroundings) -> tuple[Point, ...]:
    """Return one assignment of values to the family's keys for each combination of truth values of the conditions.

    Assignments with a value come first. Raises `TooManyValues`.
    """
    found: dict[tuple[bool, ...], Point] = {}
    open_texts = tuple(dict.fromkeys(text for one in conditions for text in one.open))
    for values in _assignments(family, conditions, surroundings):
        if surroundings.but and any(each and each[0] in surroundings.but for each in values.values()):
            continue
        for filled in subsets(open_texts) if any(values.values()) else (frozenset[str](),):
            point = Point(values, filled)
            truths = tuple(one.holds(point) for one in conditions)
            if truths not in found:
                found[truths] = Point(values, filled, truths)
        if len(found) > MOST_POINTS:
            raise TooManyValues
    return tuple(found.values())


def subsets(texts: tuple[str, ...]) -> Iterator[frozenset[str]]:
    """Yield all subsets of the texts, the full set first. Raises `TooManyValues` if there are too many."""
    if len(texts) > MOST_OPEN:
        raise TooManyValues
    for chosen in reversed(range(1 << len(texts))):
        yield frozenset(text for at, text in enumerate(texts) if chosen >> at & 1)


def _assignments(
    family: str, conditions: tuple[Tested, ...], surroundings: Surroundings
) -> Iterator[Mapping[str, Values]]:
    keys = tuple(dict.fromkeys(one.key for one in conditions))
    if family == "caller":
        yield from _callers(conditions, surroundings)
    elif family == "time":
        for moment in _instants(conditions, surroundings.since):
            yield {"aws:currenttime": (_written(moment),), "aws:epochtime": (str(moment),)}
    elif family.endswith("org"):
        for path in _paths(conditions, family):
            yield {f"{family}id": (path.partition("/")[0],), f"{family}paths": (path,)}
    else:
        yield from ({keys[0]: values} for values in _values(conditions, surroundings.but))
    if surroundings.may_lack:
        yield dict.fromkeys(keys)


def _callers(conditions: tuple[Tested, ...], surroundings: Surroundings) -> Iterator[Mapping[str, Values]]:
    # so that values next to the excluded ones are found too
    patterns = [_Pattern(text) for text in sorted(surroundings.but)]
    for one in conditions:
        patterns += _patterns_of(one, _CALLER_FORMS.get(one.key, "{}"))
    for arn in _texts(tuple(patterns), surroundings.shape or ANY_TEXT):
        parts = arn.split(":", 5)
        user = parts[-1].startswith("user/")
        yield {
            "aws:principalarn": (arn,),
            "aws:principalaccount": (parts[4],) if len(parts) == 6 else None,
            "aws:username": (arn.rpartition("/")[2],) if user else None,
        }


_CALLER_FORMS = {"aws:principalaccount": "arn:*:*::{}:*", "aws:username": "arn:*:iam::*:user/*{}"}
"""Patterns of the caller's ARN that are equivalent to a value of these keys."""


def _paths(conditions: tuple[Tested, ...], family: str) -> Iterator[str]:
    """Yield paths of an organization: ``o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/``."""
    patterns: list[_Pattern] = []
    for one in conditions:
        patterns += _patterns_of(one, "{}/*" if one.key == f"{family}id" else "{}")
    yield from _texts(tuple(patterns), Shape(slash=True, seed="o-another/r-root/"))


def _values(conditions: tuple[Tested, ...], but: frozenset[str]) -> Iterator[Values]:
    """Yield the values of one key: single values, and sets of them if a set operator is used."""
    single: dict[str, None] = {}
    patterns: list[_Pattern] = []
    for one in conditions:
        form = _condition(one).operator.base
        if form in _TEXT_FORMS:
            patterns += _patterns_of(one)
        elif form == "Bool":
            single |= {"true": None, "false": None}
        elif form.startswith("Numeric"):
            single |= dict.fromkeys(_numbers(one.values))
        elif form.startswith("Date"):
            single |= dict.fromkeys(map(_written, _instants((one,), 0)))
        elif form == "IpAddress":
            single |= dict.fromkeys(_addresses(one.values))
        elif form == "BinaryEquals":
            single |= dict.fromkeys((*one.values, "AAAA"))
    if patterns or not single:
        patterns += [_Pattern(text) for text in sorted(but)]
        single |= dict.fromkeys(_texts(tuple(patterns), ANY_TEXT))
    yield from ((value,) for value in single)
    sets = any(_condition(one).operator.over for one in conditions)
    if sets and not _ONE_VALUE.match(conditions[0].key):
        yield from _sets(tuple(single), conditions)


def _sets(single: tuple[str, ...], conditions: tuple[Tested, ...]) -> Iterator[tuple[str, ...]]:
    """Yield sets of several values, one for each new combination of truth values."""

    def truths(values: tuple[str, ...]) -> tuple[bool, ...]:
        return tuple(one.holds(Point({one.key: values})) for one in conditions)

    found: dict[tuple[bool, ...], tuple[str, ...]] = {truths((value,)): (value,) for value in single}
    pending = deque(found.values())
    while pending:
        values = pending.popleft()
        for value in single:
            more = tuple(dict.fromkeys((*values, value)))
            if len(more) > len(values) and (key := truths(more)) not in found:
                found[key] = more
                pending.append(more)
                yield more
            if len(found) > MOST_POINTS:
                raise TooManyValues


# Texts.

_TEXT_FORMS = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnLike"})
_Token = tuple[Callable[[str], bool], bool]
"""A function that says which characters the token matches, and whether the token can be repeated."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A text to compare. ``wild``: ``*`` and ``?`` are wildcards. ``fold``: case is ignored.

    ``arn``: stars stay inside the parts of an ARN.
    """

    text: str
    wild: bool = False
    fold: bool = False
    arn: bool = False


def _patterns_of(one: Tested, form: str = "{}") -> Iterator[_Pattern]:
    base = _condition(one).operator.base
    for text in one.values:
        # Characters from a variable's value are not wildcards. Treating them as such only yields more values than
        # needed.
        plain = text.replace("\ue000", "*").replace("\ue001", "?")
        wild = (base in ("StringLike", "ArnLike") and ("*" in plain or "?" in plain)) or form != "{}"
        yield _Pattern(form.format(plain), wild, base == "StringEqualsIgnoreCase", base == "ArnLike" and form == "{}")


@lru_cache(maxsize=2048)
def _texts(patterns: tuple[_Pattern, ...], shape: Shape) -> tuple[str, ...]:
    """Return example texts of the given shape: one for each set of patterns that can match together."""
    literals = {one.text for one in patterns if not one.wild}
    seeds = [text for text in dict.fromkeys(one.text for one in patterns if not one.wild) if shape.fits(text)]
    seeds.append(_other(shape, literals))
    for one in patterns:
        if one.fold:
            variants = (one.text.lower(), one.text.upper(), one.text.swapcase(), one.text.capitalize())
            seeds += [text for text in variants if shape.fits(text)]
    if any(one.wild for one in patterns):
        seeds += _Walk(tuple(dict.fromkeys(patterns)), shape).texts()
    return tuple(dict.fromkeys(seeds))


def _other(shape: Shape, literals: set[str]) -> str:
    text = shape.prefix + shape.seed
    while text in literals:
        text += "0"
    return text


def _is(wanted: str) -> Callable[[str], bool]:
    return wanted.__eq__


def _any(_: str) -> bool:
    return True


def _no_colon(char: str) -> bool:
    return char != ":"


def _tokens(pattern: _Pattern) -> list[_Token]:
    tokens: list[_Token] = []
    colons = 0
    for char in re.sub(r"\*+", "*", pattern.text) if pattern.wild else pattern.text:
        if pattern.wild and char in "*?":
            tokens.append((_no_colon if pattern.arn and colons < 5 else _any, char == "*"))
        elif pattern.fold:
            tokens.append(((char.lower() + char.upper()).__contains__, False))
        else:
            tokens.append((_is(char), False))
        colons += char == ":"
    return tokens


class _Walk:
    """Follows all patterns at once through all texts of a shape.

    Prefixes that lead to the same places are equivalent.
    """

    def __init__(self, patterns: tuple[_Pattern, ...], shape: Shape) -> None:
        self._shape = shape
        self._stars, self._ends, self._start = 0, 0, 0
        tokens: list[tuple[int, _Token]] = []
        at = 0
        for pattern in patterns:
            self._start |= 1 << at
            for token in _tokens(pattern):
                tokens.append((at, token))
                self._stars |= token[1] << at
                at += 1
            self._ends |= 1 << at
            at += 1
        written = {char for one in patterns for char in one.text if char not in "*?"}
        written |= {
            other for one in patterns if one.fold for char in one.text for other in (char.lower(), char.upper())
        }
        allowed = shape.characters
        fillers = [char for char in (allowed or NAME_CHARACTERS) if char not in written and char not in "/:"]
        alphabet = [char for char in sorted(written) if not allowed or char in allowed] + fillers[:1]
        alphabet += ["/"] if shape.slash and "/" not in written else []
        self._alphabet = alphabet
        self._tokens = tokens
        self._takes = {char: self._taking(char) for char in {*alphabet, *shape.prefix}}

    def _taking(self, char: str) -> int:
        return sum(1 << place for place, (takes, _) in self._tokens if takes(char))

    def _past_stars(self, places: int) -> int:
        while more := (places & self._stars) << 1 & ~places:
            places |= more
        return places

    def _step(self, places: int, char: str) -> int:
        taken = places & self._takes[char]
        return self._past_stars((taken & ~self._stars) << 1 | (taken & self._stars))

    def _after(self, text: str) -> int:
        """Return the places in the patterns to which a text leads."""
        places = self._past_stars(self._start)
        for char in text:
            places = self._step(places, char)
        return places

    def numbers(self, taken: frozenset[str]) -> Iterator[str]:
        """Yield an account ID for each set of places to which an ID can lead, if possible none of ``taken``."""
        self._takes |= {char: self._taking(char) for char in _DIGITS}
        found = {self._after(self._shape.prefix): ""}
        for _ in range(_ACCOUNT_LENGTH):
            longer: dict[int, str] = {}
            for places, text in found.items():
                for char in self._alphabet:
                    longer.setdefault(self._step(places, char), text + char)
            if len(longer) > MOST_POINTS:
                raise TooManyValues
            found = longer
        for places, account in found.items():
            alike = (each for each in _near(account) if self._after(self._shape.prefix + each) == places)
            yield next((each for each in alike if each not in taken), account)

    def texts(self) -> Iterator[str]:
        shape = self._shape
        places = self._after(shape.prefix)
        # The state of a text, in addition to its places: whether it is empty, has had a slash, and ends with one.
        start = (places, True, False, False)
        seen, pending = {start}, deque([(start, "")])
        found: set[int] = set()
        steps = 0
        while pending:
            (places, empty, had, slash), text = pending.popleft()
            whole = not empty and not (shape.path and slash) and (had or not shape.slash)
            if whole and (matched := places & self._ends) not in found:
                found.add(matched)
                yield shape.prefix + text
            for char in self._alphabet:
                steps += 1
                is_slash = char == "/"
                if is_slash and empty and (shape.path or shape.slash):
                    continue
                after = (self._step(places, char), False, shape.slash and (had or is_slash), shape.path and is_slash)
                if after not in seen:
                    seen.add(after)
                    pending.append((after, text + char))
            if steps > MOST_STEPS:
                raise TooManyValues


def _near(number: str) -> Iterator[str]:
    """Yield the number, and those that differ from it in one or two digits."""
    yield number
    for at, other in combinations_with_replacement(range(len(number)), 2):
        for one, two in product(_DIGITS, _DIGITS):
            digits = list(number)
            digits[at], digits[other] = one, two
            yield "".join(digits)


# Accounts.

_DIGITS = "0123456789"
_ACCOUNT_LENGTH = 12


def account_numbers(conditions: tuple[Tested, ...], partition: str, taken: frozenset[str]) -> tuple[str, ...]:
    """Return an account ID for each combination of results of conditions on aws:PrincipalArn and aws:PrincipalAccount.

    The conditions apply to roles and users of the account. IDs in ``taken`` are avoided if possible. Raises
    `TooManyValues`.
    """
    patterns = [found for one in conditions for found in _patterns_of(one, _CALLER_FORMS.get(one.key, "{}"))]
    walk = _Walk(tuple(dict.fromkeys(patterns)), Shape(f"arn:{partition}:iam::", _DIGITS))
    return tuple(walk.numbers(taken))


# Numbers, dates, addresses.


def _numbers(texts: Iterable[str]) -> Iterator[str]:
    bounds = sorted({found for text in texts if (found := number(text)) is not None})
    yield from map(_number, bounds)
    yield from (_number((low + high) / 2) for low, high in pairwise(bounds))
    if bounds:
        yield _number(bounds[0] - 1)
        yield _number(bounds[-1] + 1)


def _number(value: object) -> str:
    as_float = float(value)  # type: ignore[arg-type]
    return str(int(as_float)) if as_float.is_integer() else f"{as_float:.6f}"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = int((datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH).total_seconds())


def _instants(conditions: Iterable[Tested], since: int) -> list[int]:
    """Return the moments at, before and after those that conditions name, none before ``since``."""
    bounds = set()
    for one in conditions:
        parse = number if _condition(one).operator.base.startswith("Numeric") else instant
        bounds |= {int(found) for text in one.values if (found := parse(text)) is not None}
    moments = {moment for bound in bounds for moment in (bound - 1, bound, bound + 1)}
    return sorted(moment for moment in {since, *moments} if since <= moment <= _LATEST)


def _written(moment: int) -> str:
    return (_EPOCH + timedelta(seconds=moment)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _addresses(texts: Iterable[str]) -> Iterator[str]:
    """Yield the first and the last address of each network, and the addresses next to them."""
    yield "192.0.2.1"
    for text in texts:
        block = network(text)
        if block is None:
            continue
        first, last = int(block.network_address), int(block.broadcast_address)
        for at in (first, last, first - 1, last + 1):
            if 0 <= at < 1 << block.max_prefixlen:
                yield str(type(block.network_address)(at))
