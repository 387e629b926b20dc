"""Every action that AWS lists, and sets of them as bits of one integer.

Sets of 22,000 actions are joined, cut and compared by one operation on an integer each; a pattern's set is found by
looking only at the service that it names. The list is made when it is first asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from sys import intern

from iam import service_reference
from iam.frozen import field, frozen
from iam.policy.match import action_matcher, has_wildcard
from iam.questions.kept_outlines import Outlines, kept_outlines
from iam.questions.text_lines import TextLines


@frozen
class Catalogue:
    """``lower`` and ``names`` are the actions as ``service:name``, sorted by their lower-case form; the position of an
    action is its bit. ``levels`` are the access levels of the Service Authorization Reference, where of two that an
    action has (``Tagging, Write``) the narrower counts."""

    lower: Sequence[str]
    names: Sequence[str]
    levels: tuple[str, ...]
    services: dict[str, tuple[int, int]]
    titles: dict[str, str]
    without_resource: int
    by_arn_service: dict[str, int]
    _patterns: dict[str, int] = field(default_factory=dict)
    _elements: dict[tuple[bool, tuple[str, ...]], int] = field(default_factory=dict)
    _level_sets: dict[str, int] = field(default_factory=dict)

    @property
    def everything(self) -> int:
        return (1 << len(self.lower)) - 1

    def position(self, action: str) -> int | None:
        """The bit of an action in any case, or None for one that AWS does not list."""
        lowered = action.lower()
        at = bisect_left(self.lower, lowered)
        return at if at < len(self.lower) and self.lower[at] == lowered else None

    def service(self, prefix: str) -> int:
        """All actions of a service."""
        first, end = self.services.get(prefix.lower(), (0, 0))
        return ((1 << (end - first)) - 1) << first

    def services_of(self, actions: int) -> Iterator[str]:
        """The services that a set has actions of, in the order of the alphabet."""
        while actions:
            prefix = self.lower[first(actions)].partition(":")[0]
            yield prefix
            actions &= ~self.service(prefix)

    def level(self, level: str) -> int:
        found = self._level_sets.get(level)
        if found is None:
            bits = bytearray((len(self.lower) + 7) // 8)
            for position, its in enumerate(self.levels):
                if its == level:
                    bits[position >> 3] |= 1 << (position & 7)
            found = self._level_sets[level] = int.from_bytes(bits, "little")
        return found

    def matching(self, pattern: str) -> int:
        """The actions that an Action pattern names."""
        found = self._patterns.get(pattern)
        if found is None:
            if len(self._patterns) > 65_536:
                self._patterns.clear()
            found = self._patterns[pattern] = self._match(pattern)
        return found

    def _match(self, pattern: str) -> int:
        lowered = pattern.lower()
        if not has_wildcard(lowered):
            position = self.position(lowered)
            return 0 if position is None else 1 << position
        matches = action_matcher(pattern)
        prefix, colon, _ = lowered.partition(":")
        if not colon or has_wildcard(prefix):
            return self.everything if matches("a:b") and matches("c:d") else 0
        first, end = self.services.get(prefix, (0, 0))
        found = 0
        for position in range(first, end):
            if matches(self.lower[position]):
                found |= 1 << position
        return found

    def named(self, patterns: tuple[str, ...], negated: bool = False) -> int:
        """The actions that an Action element names, or a NotAction element when ``negated``."""
        key = (negated, patterns)
        found = self._elements.get(key)
        if found is None:
            if len(self._elements) > 65_536:
                self._elements.clear()
            found = 0
            for pattern in patterns:
                found |= self.matching(pattern)
            if negated:
                found = self.everything & ~found
            self._elements[key] = found
        return found

    def actions(self, actions: int) -> Iterator[str]:
        """The names in a set, in the order of the alphabet."""
        return (self.names[position] for position in positions(actions))

    def set_of(self, actions: Iterable[str]) -> int:
        found = 0
        for action in actions:
            position = self.position(action)
            if position is not None:
                found |= 1 << position
        return found


def positions(actions: int) -> Iterator[int]:
    """The bits of a set, lowest first."""
    octets = actions.to_bytes((actions.bit_length() + 7) // 8, "little")
    for index, octet in enumerate(octets):
        if octet:
            for bit in range(8):
                if octet >> bit & 1:
                    yield index * 8 + bit


def first(actions: int) -> int:
    """The lowest bit of a set that is not empty."""
    return (actions & -actions).bit_length() - 1


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue of all that AWS lists, made once. Reads files."""
    outlines = kept_outlines(service_reference.version(), _outlines)
    names = TextLines(outlines.names)
    size = len(names)
    return Catalogue(
        lower=TextLines(outlines.names.lower()),
        names=names,
        levels=tuple(map(intern, outlines.levels)),
        services={service: (first, end) for service, (first, end) in outlines.services.items()},
        titles=dict(service_reference.services()),
        without_resource=_set_of(outlines.without_resource, size),
        by_arn_service={kind: _set_of(its, size) for kind, its in outlines.by_arn_service.items()},
    )


def _outlines() -> Outlines:
    rows = sorted(
        (name.lower(), name, level, service, frozenset(map(_arn_service, arns)))
        for service in service_reference.services()
        for name, level, arns in service_reference.outlines(service)
    )
    made = Outlines("\n".join([row[1] for row in rows]), [row[2] for row in rows], {}, [], {})
    for position, (_, _, _, service, kinds) in enumerate(rows):
        made.services[service] = [made.services.get(service, [position])[0], position + 1]
        for kind in kinds:
            made.by_arn_service.setdefault(kind, []).append(position)
        if not kinds:
            made.without_resource.append(position)
    return made


def _set_of(its: list[int], size: int) -> int:
    octets = bytearray(size // 8 + 1)
    for position in its:
        octets[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(octets, "little")


@lru_cache(maxsize=4096)
def _arn_service(template: str) -> str:
    """The service in a resource type's ARNs, empty where that is a variable."""
    parts = template.split(":")
    return parts[2] if len(parts) > 2 and "$" not in parts[2] else ""


@lru_cache(maxsize=4096)
def example_arn(name: str, partition: str, account: str) -> str:
    """An ARN that stands for any resource that the action works on, or ``*`` where it works on none in particular."""
    known = service_reference.action(name)
    if known is None or not known.resource_types:
        return "*"
    plainest = min(known.resource_types, key=lambda each: (each.name not in known.required, len(each.arn), each.arn))
    pieces = plainest.filled(partition, "us-east-1", account).split("${")
    return pieces[0] + "".join(PROBE + piece.partition("}")[2] for piece in pieces[1:])


PROBE = "rolescope-probe"
"""Stands for a name that nobody chose, so that only wildcards match it."""
