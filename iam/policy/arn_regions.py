"""Divide a set of ARNs into pieces whose ARNs are all matched by the same Resource patterns.

A statement matches a resource or does not, so the layers' decisions depend only on which patterns match. A set of ARNs
is divided by every pattern of every layer, and one ARN is evaluated for each piece. The sets are called regions here
and are written as patterns (an AWS Region is always capitalized): the intersection of two patterns is a finite union of
patterns. The names in a region are filled with a character that no pattern contains: a pattern that matches then has a
wildcard at that position, so it matches the entire region. Only "?" depends on the length, so if a pattern contains
one, the stars are filled with every length that the patterns can tell apart.

The AWS Region and the account of an ARN cannot be arbitrary: a piece contains no resource if its wildcards match no
Region of the partition, or if its account is not an account ID.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from iam.arn import is_account
from iam.policy.match import ANY_OTHER, compile_glob, folded, pattern_tokens, resource_matcher
from iam.service_reference import VARIABLE, ResourceType

MOST_PIECES = 256
"""The maximum number of pieces of one region of ARNs. Policies that need more are not fully computed."""
MOST_FILLINGS = 256
"""The maximum number of lengths of names that are distinguished in one region of ARNs."""

_HEAD = 5  # colons before an ARN's resource part
# A region is a text in which these characters are wildcards for any number of characters (_STARS) or for one (_ONES).
# Their lowest bits say which characters they do not match.
_NO_COLON, _NO_SLASH = 1, 2
_STARS, _ONES = "\ue010\ue011\ue012\ue013", "\ue018\ue019\ue01a\ue01b"
_WILD = frozenset(_STARS + _ONES)
_wildcards = re.compile(f"[{_STARS}{_ONES}]+")
_NAMES = (*"xzqkjwvy0123456789XZQKJWVY", "~", "\u00e6")


NOWHERE = ""
"""The result of `Cutter.witness` if the piece's ARNs would be in no existing AWS Region."""


class TooTangled(Exception):
    """Raised if patterns intersect in more than `MOST_PIECES` regions, or if an ARN template has too few fields."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A set of ARNs that are matched by the same elements (see `Cutter`).

    ``region`` is the set as a pattern. ``matched`` is a bit mask of the elements that match. ``filled`` is one of the
    ARNs, with a character that no pattern contains in place of its names; ``lengths`` are the lengths of these names.
    """

    region: str
    matched: int
    filled: str
    lengths: tuple[int, ...] = ()

    @property
    def pattern(self) -> str:
        """The region of ARNs as a pattern with ``*``."""
        return _written(self.region)


@lru_cache(maxsize=8192)
def space(kind: ResourceType, partition: str, account: str) -> str:
    """Return the region of all ARNs of a resource type in an account. Raises `TooTangled` for a short template.

    Names must not be empty; the AWS Region may be.
    """
    parts = kind.arn.replace("${Partition}", partition).replace("${Account}", account).split(":", _HEAD)
    if len(parts) <= _HEAD:
        raise TooTangled
    head = [VARIABLE.sub("*", part).lower().replace("*", _STARS[_NO_COLON]) for part in parts[:_HEAD]]
    if "*" in parts[4]:
        head[4] = account

    def name(variable: re.Match[str]) -> str:
        following = parts[_HEAD][variable.end() : variable.end() + 1]
        narrow = _NO_SLASH if kind.closed or following == "/" else _NO_COLON if following == ":" else 0
        return _ONES[narrow] + _STARS[narrow]

    return ":".join((*head, VARIABLE.sub(name, parts[_HEAD]).replace("*", _STARS[0])))


@lru_cache(maxsize=4096)
def _region(pattern: str) -> str:
    """Return a Resource pattern as a region of ARNs, with its case preserved."""
    text = []
    for token in pattern_tokens(pattern):
        kept = 0 if token.colon else _NO_COLON
        text.append((_STARS if token.star else _ONES)[kept] if token.wild else token.char)
    return "".join(text)


@lru_cache(maxsize=16384)
def meet(region: str, pattern: str) -> tuple[str, ...]:
    """Return the ARNs that are in a region and match a Resource pattern, as regions. Raises `TooTangled`.

    A region here is a set of ARNs, not an AWS Region. If a star of the pattern spans colons, the region must contain
    them literally: as in `iam.policy.match.overlap`, a name is not interpreted as a second ARN.
    """
    if not pattern.strip("*"):
        return (region,)
    if not _may_meet(region, _plain_start(pattern)):
        return ()
    reaches = any(token.reaching for token in pattern_tokens(pattern))
    found = _Meeting(region, _region(pattern), reaches).found()
    return tuple(sorted(found, key=lambda each: (-sum(char in _STARS for char in each), each)))


class _Meeting:
    def __init__(self, ours: str, theirs: str, reaches: bool) -> None:
        self._ours, self._theirs, self._reaches = ours, theirs, reaches
        at = -1
        for _ in range(_HEAD):
            at = ours.index(":", at + 1)
        self._resource = at + 1
        self._known: dict[tuple[int, int], frozenset[str]] = {}

    def found(self) -> frozenset[str]:
        try:
            return self._from(0, 0)
        except RecursionError:
            raise TooTangled from None

    def _from(self, i: int, j: int) -> frozenset[str]:
        found = self._known.get((i, j))
        if found is None:
            found = self._known[i, j] = frozenset(self._ways(i, j))
            if len(found) > MOST_PIECES or len(self._known) > 40 * MOST_PIECES:
                raise TooTangled
        return found

    def _ways(self, i: int, j: int) -> Iterator[str]:
        ours, theirs = self._ours, self._theirs
        start: list[str] = []
        while i < len(ours) and j < len(theirs) and ours[i] not in _STARS and theirs[j] not in _STARS:
            both = self._one(i, j)
            if both is None:
                return
            start.append(both)
            i, j = i + 1, j + 1
        begun = "".join(start)
        if i == len(ours) or j == len(theirs):
            if all(token in _STARS for token in (*ours[i:], *theirs[j:])):
                yield begun
            return
        if ours[i] in _STARS and theirs[j] in _STARS:
            both = _STARS[_bits(ours[i]) | _bits(theirs[j])]
            for tail in self._from(i + 1, j) | self._from(i, j + 1):
                yield begun + _joined(both, tail)
            return
        # A star of one pattern matches tokens of the other, up to the other's next star.
        ours_takes = ours[i] in _STARS
        eaten = begun
        while i < len(ours) and j < len(theirs):
            if (theirs[j] if ours_takes else ours[i]) in _STARS:
                for tail in self._from(i, j):
                    yield eaten + tail
                return
            for tail in self._from(i + 1, j) if ours_takes else self._from(i, j + 1):
                yield eaten + tail
            both = self._one(i, j)
            if both is None:
                return
            eaten += both
            i, j = (i, j + 1) if ours_takes else (i + 1, j)
        if all(token in _STARS for token in (*ours[i:], *theirs[j:])):
            yield eaten

    def _one(self, i: int, j: int) -> str | None:
        """Return a token for the characters that both tokens match; None if there are none. A star is one character."""
        one, other = self._ours[i], self._theirs[j]
        head = i < self._resource
        if other not in _WILD and head:
            other = other.lower()
        if one in _WILD and other in _WILD:
            return _ONES[_bits(one) | _bits(other)]
        if one in _WILD:
            return None if _excludes(one, other) or (self._reaches and other == ":") else other
        if other in _WILD:
            return None if _excludes(other, one) else one
        return one if one == other else None


def _bits(token: str) -> int:
    return ord(token) & 3


def _excludes(wild: str, char: str) -> bool:
    return (char == ":" and bool(_bits(wild) & _NO_COLON)) or (char == "/" and bool(_bits(wild) & _NO_SLASH))


def _joined(star: str, tail: str) -> str:
    """Prepend a star to the rest of a region, without producing two stars where one is enough."""
    if tail and tail[0] in _STARS:
        mine, its = _bits(star), _bits(tail[0])
        if its & mine == its:
            return tail
        if its & mine == mine:
            return star + tail[1:]
    return star + tail


class Cutter:
    """Divides regions of ARNs by elements. An element is a set of patterns; it does not matter which of them matches.

    The resources of ``settled`` patterns are known not to matter. ``places`` are AWS Regions, or patterns of them, that
    must be distinguished. ``name`` is an example that represents any name. ``regions`` are the existing AWS Regions;
    the first is used if any Region will do.
    """

    def __init__(
        self,
        elements: Iterable[tuple[str, ...]],
        name: str,
        regions: Sequence[str],
        settled: Iterable[str] = (),
        places: Iterable[str] = (),
    ) -> None:
        self._elements = tuple(dict.fromkeys(elements))
        self._settled = tuple(pattern for pattern in dict.fromkeys(settled) if "?" not in pattern)
        self._in_settled = 1 << len(self._elements)
        self._everything = 0
        self._bits: dict[str, int] = {}
        """The elements that each pattern belongs to, as bits."""
        for number, patterns in enumerate((*self._elements, self._settled)):
            for pattern in patterns:
                self._bits[pattern] = self._bits.get(pattern, 0) | 1 << number
                if not pattern.strip("*"):
                    self._everything |= 1 << number
        self._matchers = [
            (resource_matcher(pattern), bits) for pattern, bits in self._bits.items() if bits & ~self._everything
        ]
        self._places = tuple(dict.fromkeys(place for place in places if place.strip("*")))
        self._place_matchers = [
            (compile_glob(place), self._in_settled << 1 + number) for number, place in enumerate(self._places)
        ]
        written = (*self._bits, *self._places)
        self._counting = [(_plain_start(pattern), *_counts(pattern)) for pattern in self._bits if "?" in pattern]
        self._longest = 1 + max((sum(counts) for _, *counts in self._counting), default=0)
        self._name, self._regions = name, tuple(regions)
        self._cuts = [
            tuple((pattern, _plain_start(pattern)) for pattern in patterns)
            for number, patterns in enumerate(self._elements)
            if not self._everything >> number & 1
        ]
        self._starts = {start for cut in self._cuts for _, start in cut} | set(map(_plain_start, self._settled))
        self._near: dict[str, bool] = {}
        text = "".join(written)
        self._names = (name, *(each for each in _NAMES if each not in text))

    def matched(self, arn: str, near: bool = True) -> int:
        """Return a bit mask of the elements that match an ARN. ``near`` is the result of `is_near` for its region."""
        if not near and not self._places:
            return self._everything
        text, found = folded(arn), self._everything
        if self._places:
            place = text.split(":", 4)[3]
            for matches, bit in self._place_matchers:
                found |= bit if matches(place) else 0
        for matches, bits in self._matchers if near else ():
            if bits & ~found and matches(text):
                found |= bits
        return found

    def cut(self, bases: Iterable[str]) -> tuple[list[Piece], bool]:
        """Return the pieces of the regions ``bases``, wider ones first, and whether the result is complete.

        There is at least one piece for each combination of elements that matches something in the regions. An ARN lies
        in the intersection of one pattern of each element that matches it, so a region is not divided by further
        patterns of an element that contains it completely.
        """
        whole = True
        regions: dict[str, None] = dict.fromkeys(base for base in bases if self._matters(base))
        for region in list(regions) if self._places else ():
            regions |= dict.fromkeys(self._in_places(region))
        for patterns in self._cuts if any(map(self.is_near, regions)) else ():
            more: list[str] = []
            for region in regions:
                near = [pattern for pattern, start in patterns if _may_meet(region, start)]
                if not near or self._has_whole(near, region):
                    continue
                try:
                    more += [each for pattern in near for each in meet(region, pattern) if self._matters(each)]
                except TooTangled:
                    whole = False
            regions |= dict.fromkeys(more)
            if len(regions) > MOST_PIECES:
                regions, whole = dict.fromkeys(list(regions)[:MOST_PIECES]), False
                break
        pieces = []
        for region in regions:
            if not self.is_near(region):
                filled = _filled(region, 1)
                pieces.append(Piece(region, self.matched(filled, False), filled))
                continue
            fillings, all_of_them = self._fillings(region)
            whole = whole and all_of_them
            seen = set()
            for lengths in fillings:
                filled = _filled(region, *lengths)
                matched = self.matched(filled)
                if matched not in seen and not matched & self._in_settled:
                    seen.add(matched)
                    pieces.append(Piece(region, matched, filled, lengths))
        return pieces, whole

    def _in_places(self, region: str) -> Iterator[str]:
        parts = region.split(":", _HEAD)
        for place in self._places if _wildcards.search(parts[3]) else ():
            if _wildcards.fullmatch(parts[3]):
                within = place.replace("*", _STARS[_NO_COLON]).replace("?", _ONES[_NO_COLON])
                yield ":".join((*parts[:3], within, *parts[4:]))
            else:
                yield from meet(region, f"arn:*:*:{place}:*:*")

    def is_near(self, region: str) -> bool:
        """Whether an element other than ``*`` may match an ARN in the region, judged by how the patterns begin."""
        ours = _start_of(region)
        near = self._near.get(ours)
        if near is None:
            near = self._near[ours] = any(ours.startswith(start) or start.startswith(ours) for start in self._starts)
        return near

    def _has_whole(self, patterns: Iterable[str], region: str) -> bool:
        filled = _filled(region, self._longest)
        return any("?" not in pattern and resource_matcher(pattern)(folded(filled)) for pattern in patterns)

    def _matters(self, region: str) -> bool:
        """Whether a region contains resources that are not settled."""
        _, _, _, place, account, _ = region.split(":", _HEAD)
        if account and not _wildcards.search(account) and not is_account(account):
            return False
        partly = _wildcards.search(place) and not _wildcards.fullmatch(place)
        return not (partly and not _places_in(place, self._regions)) and not self._is_settled(region)

    def _is_settled(self, region: str) -> bool:
        return bool(self._settled) and self._has_whole(self._settled, region)

    def _fillings(self, region: str) -> tuple[list[tuple[int, ...]], bool]:
        """Return the lengths of the region's stars that patterns can distinguish, and whether the list is complete."""
        near = [counts for start, *counts in self._counting if _may_meet(region, start)]
        if not near:
            return [()], True
        choices: list[range] = []
        for half, counts in zip(_halves(region), zip(*near, strict=True), strict=True):
            most = max(counts)
            choices += [range(most + 1, -1 if most else 0, -1)] * sum(char in _STARS for char in half)
        every = list(itertools.islice(itertools.product(*choices), MOST_FILLINGS + 1))
        return every[:MOST_FILLINGS], len(every) <= MOST_FILLINGS

    def witness(self, piece: Piece) -> str | None:
        """Return one of the piece's ARNs, with example names in place of wildcards.

        Return None if no such ARN was found, and `NOWHERE` if the ARN would be in a Region that does not exist.
        """
        near = self.is_near(piece.region)
        place = piece.region.split(":", 4)[3]
        places = _places_in(place, self._regions) if _wildcards.search(place) else (place,)
        for name in self._names:
            for each in places:
                arn = self._named(piece.region, piece.lengths, name, each)
                if self.matched(arn, near) == piece.matched and "*" not in arn and "?" not in arn:
                    return arn
        if place and place not in places:
            for name in self._names:
                elsewhere = self._named(piece.region, piece.lengths, name, _wildcards.sub("xx-none-9", place))
                if self.matched(elsewhere, near) == piece.matched:
                    return NOWHERE
        return None

    def said(self, piece: Piece, witness: str) -> str:
        """Return the piece as an ARN to show: with the example name, and in the AWS Region of ``witness``."""
        return _with_name(piece.region, self._name, witness.split(":", 4)[3])

    def _named(self, region: str, lengths: Sequence[int], name: str, place: str) -> str:
        if not lengths:
            return _with_names(region, name, place)
        parts = region.split(":", _HEAD)
        lengths = lengths[sum(char in _STARS for char in parts[3]) :]
        parts[3] = place
        counted = iter(lengths)

        def fill(match: re.Match[str]) -> str:
            many = sum(next(counted, 1) if char in _STARS else 1 for char in match[0])
            if not any(char in _STARS for char in match[0]):
                return (name * many)[:many]  # exactly this number of characters
            return (name[0] * many if len(name) == 1 or many < self._longest else name) if many else ""

        return _wildcards.sub(fill, ":".join(parts))


@lru_cache(maxsize=1024)
def _places_in(place: str, regions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the Regions that match the fourth part of an ARN."""
    matches = _all_of(place).fullmatch
    return tuple(region for region in regions if matches(region))


# Cached, because a service's resource types yield the same regions for every set of its actions.
@lru_cache(maxsize=16384)
def _written(region: str) -> str:
    return re.sub(r"\*+", "*", _wildcards.sub("*", region))


@lru_cache(maxsize=16384)
def _with_name(region: str, name: str, place: str) -> str:
    """Return a region with one name for its wildcards, in an AWS Region."""
    parts = region.split(":", _HEAD)
    parts[3] = place
    return _wildcards.sub(name, ":".join(parts))


@lru_cache(maxsize=16384)
def _with_names(region: str, name: str, place: str) -> str:
    """Replace each wildcard in a region of ARNs with a name.

    A run of ``?`` is replaced with exactly as many characters.
    """
    parts = region.split(":", _HEAD)
    parts[3] = place

    def fill(match: re.Match[str]) -> str:
        many = len(match[0])
        return name if any(char in _STARS for char in match[0]) else (name * many)[:many]

    return _wildcards.sub(fill, ":".join(parts))


@lru_cache(maxsize=32768)
def _filled(region: str, *lengths: int) -> str:
    """Return the region with its wildcards replaced by a character that no pattern contains."""
    if len(set(lengths)) <= 1:
        return region.translate(_filling(lengths[0] if lengths else 1))
    counted = iter(lengths)
    return "".join(
        ANY_OTHER * next(counted, lengths[-1]) if char in _STARS else ANY_OTHER if char in _ONES else char
        for char in region
    )


@lru_cache(maxsize=64)
def _filling(length: int) -> dict[int, str]:
    return {ord(char): ANY_OTHER * (length if char in _STARS else 1) for char in _STARS + _ONES}


@lru_cache(maxsize=4096)
def _all_of(region: str) -> re.Pattern[str]:
    classes = {0: ".", _NO_COLON: "[^:]", _NO_SLASH: "[^/]", _NO_COLON | _NO_SLASH: "[^:/]"}
    return re.compile(
        "".join(
            (classes[_bits(char)] + ("*" if char in _STARS else "")) if char in _WILD else re.escape(char)
            for char in region
        ),
        re.DOTALL,
    )


def within(region: str, arn: str) -> bool:
    """Whether an ARN lies in a region of ARNs."""
    return arn.lower().startswith(_start_of(region)) and _all_of(region).fullmatch(arn) is not None


def _plain_start(pattern: str) -> str:
    return re.split(r"[*?]", pattern, maxsplit=1)[0].lower()


def _may_meet(region: str, start: str) -> bool:
    """Whether the literal prefixes of a region and a pattern are compatible; most are not."""
    ours = _start_of(region)
    return ours.startswith(start) or start.startswith(ours)


@lru_cache(maxsize=16384)
def _start_of(region: str) -> str:
    wild = _wildcards.search(region)
    return (region[: wild.start()] if wild else region).lower()


def _counts(pattern: str) -> tuple[int, int]:
    """Return the number of "?" before the resource part, and the number in the resource part."""
    head, rest = _halves(pattern)
    return head.count("?"), rest.count("?")


def _halves(pattern: str) -> tuple[str, str]:
    """Return the text before the resource part, and the resource part."""
    parts = pattern.split(":", _HEAD)
    return ":".join(parts[:_HEAD]), parts[_HEAD] if len(parts) > _HEAD else ""
