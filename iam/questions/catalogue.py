"""The catalogue of all actions that AWS lists. A set of actions is an integer with one bit for each action.

Union, intersection and comparison of sets of 22,000 actions take one integer operation each. A pattern is matched only
against the service that it names. The list is loaded on first access.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from iam import service_reference
from iam.policy.match import action_matcher, has_wildcard
from iam.questions.kept_outlines import Outlines, PackedSet, kept_outlines, packed, unpacked
from iam.questions.text_words import TextWords


@dataclass(frozen=True)
class Catalogue:
    """All AWS actions. The position of an action is the number of its bit in a set."""

    outlines: Outlines
    _patterns: dict[str, int] = field(default_factory=dict)
    _elements: dict[tuple[bool, tuple[str, ...]], int] = field(default_factory=dict)
    _sets: dict[PackedSet, int] = field(default_factory=dict)

    @cached_property
    def names(self) -> TextWords:
        """The actions as ``service:name``, sorted by their lower-case form."""
        return self._words(self.outlines.names)

    @cached_property
    def lower(self) -> TextWords:
        return self._words(map(str.lower, self.outlines.names))

    def _words(self, texts: Iterable[str]) -> TextWords:
        return TextWords(texts, [0, *(end for _, end in self.services.values())])

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """The access level of each action, from the Service Authorization Reference.

        If an action has two levels (``Tagging, Write``), the narrower one is used.
        """
        found = [""] * len(self.lower)
        for level in self.outlines.levels:
            for position in positions(self.level(level)):
                found[position] = level
        return tuple(found)

    @property
    def services(self) -> Mapping[str, Sequence[int]]:
        """The position of each service's first action, and the position after its last."""
        return self.outlines.services

    @property
    def titles(self) -> Mapping[str, str]:
        """AWS's name for each service, by prefix."""
        return service_reference.services()

    @cached_property
    def without_resource(self) -> int:
        """The set (a bit mask) of actions without resource-level permissions."""
        return unpacked(self.outlines.without_resource)

    def on_arns_of(self, service: str) -> int:
        """Return the set (a bit mask) of actions on resources with this service in their ARN.

        "" selects ARNs with a variable in place of the service.
        """
        return self._unpacked(self.outlines.by_arn_service.get(service.lower()))

    @property
    def everything(self) -> int:
        return (1 << len(self.names)) - 1

    def position(self, action: str) -> int | None:
        """Return the bit number of an action (ignoring case), or None if AWS does not list it."""
        lowered = action.lower()
        first, end = self.services.get(lowered.partition(":")[0], (0, 0))
        at = bisect_left(self.names, lowered, first, end, key=str.lower)
        return at if at < end and self.names[at].lower() == lowered else None

    def service(self, prefix: str) -> int:
        """Return the set (a bit mask) of all actions of a service."""
        first, end = self.services.get(prefix.lower(), (0, 0))
        return ((1 << (end - first)) - 1) << first

    def services_of(self, actions: int) -> Iterator[str]:
        """Yield the prefixes of the services that the actions in a set belong to, in alphabetical order."""
        while actions:
            prefix = self.names[first(actions)].partition(":")[0].lower()
            yield prefix
            actions &= ~self.service(prefix)

    def level(self, level: str) -> int:
        return self._unpacked(self.outlines.levels.get(level))

    def _unpacked(self, its: PackedSet | None) -> int:
        if its is None:
            return 0
        found = self._sets.get(its)
        if found is None:
            found = self._sets[its] = unpacked(its)
        return found

    def matching(self, pattern: str) -> int:
        """Return the set (a bit mask) of actions that an Action pattern matches."""
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
        """Return the set (a bit mask) of actions to which an Action element applies, or NotAction if ``negated``."""
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
        """Yield the names of the actions in a set, in alphabetical order."""
        return self.names.at(positions(actions))

    def set_of(self, actions: Iterable[str]) -> int:
        found = 0
        for action in actions:
            position = self.position(action)
            if position is not None:
                found |= 1 << position
        return found


_BITS = tuple(tuple(bit for bit in range(8) if octet >> bit & 1) for octet in range(256))
"""The positions of the set bits, for each value of an octet."""


def positions(actions: int) -> Iterator[int]:
    """Yield the bit numbers of a set, lowest first."""
    # skip octets without bits: most sets contain actions of one service
    skipped = first(actions) // 8 if actions else 0
    octets = (actions >> skipped * 8).to_bytes((actions.bit_length() + 7) // 8 - skipped, "little")
    for index, octet in enumerate(octets, skipped):
        for bit in _BITS[octet]:
            yield index * 8 + bit


def first(actions: int) -> int:
    """Return the lowest bit number of a set that is not empty."""
    return (actions & -actions).bit_length() - 1


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the catalogue of all listed actions. It is built once, from files."""
    return Catalogue(kept_outlines(service_reference.version(), _outlines))


def _outlines() -> Outlines:
    rows = sorted(
        (name.lower(), name, level, service, frozenset(map(_arn_service, arns)))
        for service in service_reference.services()
        for name, level, arns in service_reference.outlines(service)
    )
    services: dict[str, list[int]] = {}
    levels: defaultdict[str, list[int]] = defaultdict(list)
    by_arn_service: defaultdict[str, list[int]] = defaultdict(list)
    without_resource: list[int] = []
    for position, (_, _, level, service, kinds) in enumerate(rows):
        services[service] = [services.get(service, [position])[0], position + 1]
        levels[level].append(position)
        for kind in kinds:
            by_arn_service[kind].append(position)
        if not kinds:
            without_resource.append(position)
    return Outlines(
        [" ".join(row[1] for row in rows[first:end]) for first, end in services.values()],
        {level: packed(_set_of(its)) for level, its in levels.items()},
        services,
        packed(_set_of(without_resource)),
        {kind: packed(_set_of(its)) for kind, its in by_arn_service.items()},
    )


def _set_of(its: list[int]) -> int:
    octets = bytearray(max(its, default=0) // 8 + 1)
    for position in its:
        octets[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(octets, "little")


@lru_cache(maxsize=4096)
def _arn_service(template: str) -> str:
    """Return the service in a resource type's ARN, or "" if that field is a variable."""
    parts = template.split(":")
    return parts[2] if len(parts) > 2 and "$" not in parts[2] else ""


@lru_cache(maxsize=4096)
def example_arn(name: str, partition: str, account: str) -> str:
    """Return an example ARN that represents any resource of the action; ``*`` if it has no resource types."""
    known = service_reference.action(name)
    if known is None or not known.resource_types:
        return "*"
    plainest = min(known.resource_types, key=lambda each: (each.name not in known.required, len(each.arn), each.arn))
    pieces = plainest.filled(partition, "us-east-1", account).split("${")
    return pieces[0] + "".join(PROBE + piece.partition("}")[2] for piece in pieces[1:])


PROBE = "rolescope-probe"
"""A name that no real resource has, so that only wildcards match it."""
