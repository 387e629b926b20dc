"""The permissions in a role's policies, by service and access level.

There are two views: `service_access` takes statements one by one, as written (statements with conditions are included,
and a Deny is listed next to the Allows); `rows` shows their combined result, as computed by `iam.questions.access`. The
levels are those of the Service Authorization Reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from iam.policy.document import Statement
from iam.questions.catalogue import catalogue, positions
from iam.service_reference import LEVELS

if TYPE_CHECKING:
    from iam.questions.access import Access

UNKNOWN = "not in the reference"
EVERY_SERVICE = "*"


@dataclass(frozen=True, slots=True)
class LevelActions:
    """A service's actions at one access level: their names, and the number of all its actions at that level."""

    level: str
    actions: tuple[str, ...]
    total: int

    @property
    def all(self) -> bool:
        return self.total > 0 and len(self.actions) >= self.total


@dataclass(frozen=True, slots=True)
class ServiceAccess:
    """The actions of one service that are allowed (or denied, if ``effect`` is Deny).

    ``service`` is ``*`` for every service. ``resources`` are the resources in the statements. ``conditional``: some of
    the statements have conditions.
    """

    effect: str
    service: str
    title: str
    levels: tuple[LevelActions, ...]
    resources: tuple[str, ...]
    conditional: bool


@dataclass
class _Gathered:
    actions: dict[str, str] = field(default_factory=dict)
    resources: dict[str, None] = field(default_factory=dict)
    conditional: bool = False


def _services() -> Mapping[str, str]:
    """Return the names of services by prefix."""
    return catalogue().titles


@lru_cache(maxsize=512)
def actions_of(service: str) -> Mapping[str, tuple[str, str]]:
    """Return the name and access level of each of a service's actions, by lower-case name."""
    known = catalogue()
    first, end = known.services.get(service.lower(), (0, 0))
    names = (known.names[at].partition(":")[2] for at in range(first, end))
    return {name.lower(): (name, known.levels[at]) for at, name in enumerate(names, start=first)}


def _gather(statement: Statement, into: dict[tuple[str, str], _Gathered]) -> None:
    effect = statement.effect
    patterns = statement.action if statement.action is not None else statement.not_action or ()
    if statement.action is not None and "*" in statement.action:
        names: dict[str, dict[str, str]] = {EVERY_SERVICE: {}}
    elif statement.action is None:
        names = {EVERY_SERVICE: {f"all but {', '.join(patterns)}": UNKNOWN}}
    else:
        names = {}
        for pattern in patterns:
            for service, actions in _expand(pattern).items():
                names.setdefault(service, {}).update(actions)
    resources = statement.resource or tuple(f"all but {each}" for each in statement.not_resource or ())
    for service, actions in names.items():
        gathered = into.setdefault((effect, service), _Gathered())
        gathered.actions.update(actions)
        gathered.resources.update(dict.fromkeys(resources))
        gathered.conditional = gathered.conditional or bool(statement.conditions)


def _expand(pattern: str) -> dict[str, dict[str, str]]:
    """Return the actions that match the pattern, by service and name, with their access levels."""
    known = catalogue()
    expanded: dict[str, dict[str, str]] = {}
    for at in positions(known.matching(pattern)):
        service, _, name = known.names[at].partition(":")
        expanded.setdefault(service, {})[name] = known.levels[at]
    if not expanded:
        prefix, _, name = pattern.partition(":")
        return {prefix.lower(): {name: UNKNOWN}}
    return expanded


def service_access(statements: Iterable[Statement]) -> tuple[ServiceAccess, ...]:
    """Return the access of each service in the statements: Deny first, then every service (``*``), then by prefix."""
    gathered: dict[tuple[str, str], _Gathered] = {}
    for statement in statements:
        _gather(statement, gathered)
    found = []
    for (effect, service), what in gathered.items():
        totals: dict[str, int] = {}
        for _, level in actions_of(service).values() if service in _services() else ():
            totals[level] = totals.get(level, 0) + 1
        levels = []
        for level in (*LEVELS, UNKNOWN):
            names = tuple(sorted(name for name, at in what.actions.items() if at == level))
            if names:
                levels.append(LevelActions(level, names, totals.get(level, 0)))
        title = "every service" if service == EVERY_SERVICE else _services().get(service, "")
        found.append(ServiceAccess(effect, service, title, tuple(levels), tuple(what.resources), what.conditional))
    return tuple(sorted(found, key=lambda each: (each.effect != "Deny", each.service != EVERY_SERVICE, each.service)))


def rows(access: Access) -> tuple[ServiceAccess, ...]:
    """Return the combined result of all policies, in the same order as `service_access`.

    Actions that an Allow statement names but that are denied are listed under Deny.
    """
    known = catalogue()
    every = access.allowed | access.conditional
    if every and not known.everything & ~every:
        resources = tuple(access.on)
        whole = ServiceAccess("Allow", EVERY_SERVICE, "every service", (), resources, bool(access.conditional))
        return (whole,)
    found = []
    for effect, actions in (("Deny", access.denied), ("Allow", every)):
        for service in access.services:
            of_service = actions & known.service(service)
            if not of_service:
                continue
            levels = []
            for level in LEVELS:
                total = known.service(service) & known.level(level)
                names = tuple(name.partition(":")[2] for name in known.actions(of_service & total))
                if names:
                    levels.append(LevelActions(level, names, total.bit_count()))
            conditional = effect == "Allow" and bool(of_service & access.conditional)
            resources = access.resources(service) if effect == "Allow" else ()
            title = known.titles.get(service, "")
            found.append(ServiceAccess(effect, service, title, tuple(levels), resources, conditional))
    return tuple(found)
