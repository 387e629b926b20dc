"""A statement assembled from parts, and the remarks on each part until the statement is valid.

Least privilege is the default: ``*`` is used only for actions without resource types, and all others need named
resources. A resource must have a type that some action supports, and each action needs a resource that it supports.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from typing import Any

from iam.creation.recipes.recipe import AccountFacts, document_of, one_or_many
from iam.creation.statements.action_table import ActionTable
from iam.creation.statements.resource_names import name_fault
from iam.policy.document import Document
from iam.policy.match import has_wildcard
from iam.policy.operators import operator
from iam.policy.words import listed
from iam.service_reference import LEVELS, Action, ResourceType

# Services for which AWS's list is known to lack some resource types: an ARN that fits no type is only a warning.
_NOT_ALL_LISTED = frozenset({"apigateway", "backup", "cloudformation", "elasticloadbalancing", "waf", "waf-regional"})


class StatementPart(StrEnum):
    ACTION = "action"
    RESOURCE = "resource"
    KEY = "key"
    OPERATOR = "operator"
    VALUE = "value"


class Weight(StrEnum):
    """How serious a remark is. FAULT: the statement would not do what it is meant to do.

    WARNING: it may allow more than intended. NOTE: good to know. GOOD: as it should be.
    """

    FAULT = "fault"
    WARNING = "warning"
    NOTE = "note"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about a value of a part; ``index`` is the position of the value."""

    part: StatementPart
    index: int
    sentence: str
    weight: Weight = Weight.FAULT


@dataclass(frozen=True, slots=True)
class StatementCondition:
    key: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts chosen so far.

    If there is no resource and the actions have no resource types, the resource is ``*``.
    """

    effect: str
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    conditions: tuple[StatementCondition, ...] = ()

    @property
    def allows(self) -> bool:
        return self.effect == "Allow"

    def statement(self, table: ActionTable | None) -> dict[str, Any]:
        """Return the statement in policy syntax; missing parts are left out."""
        written: dict[str, Any] = {"Effect": self.effect}
        if self.actions:
            written["Action"] = one_or_many(self.actions)
        resources = self.resources or (("*",) if table is not None and self.knows_no_resource(table) else ())
        if resources:
            written["Resource"] = one_or_many(resources)
        conditions: dict[str, dict[str, list[str]]] = {}
        for each in self.conditions:
            if each.key and each.values:
                conditions.setdefault(each.operator, {}).setdefault(each.key, []).extend(each.values)
        if conditions:
            written["Condition"] = {
                operator: {key: one_or_many(values) for key, values in keys.items()}
                for operator, keys in conditions.items()
            }
        return written

    def knows_no_resource(self, table: ActionTable) -> bool:
        """Whether all actions are known and none has resource types."""
        named = table.named(self.actions)
        return (
            bool(named)
            and not any(action.resource_types for action in named)
            and all(map(table.known.matching, self.actions))
        )


def document(statements: Sequence[Parts], table: ActionTable | None) -> Document:
    return document_of([each.statement(table) for each in statements])


@lru_cache(maxsize=64)
def remarks(parts: Parts, table: ActionTable, facts: AccountFacts) -> tuple[Remark, ...]:
    """Return the remarks on the parts, in their order. Checks of the entire document are in `iam.policy.lint`.

    Cached, because each key press asks for the remarks on every statement, more than once.
    """
    return tuple(_remarks(parts, table, facts))


def _remarks(parts: Parts, table: ActionTable, facts: AccountFacts) -> Iterator[Remark]:
    if not parts.actions:
        yield Remark(StatementPart.ACTION, 0, "Name an action, for example s3:GetObject.")
        return
    for index, written in enumerate(parts.actions):
        yield from _action(parts, index, written, table)
    yield from _resources(parts, table, facts)
    for index, condition in enumerate(parts.conditions):
        yield from _condition(parts, index, condition, table)


# Actions.


def _action(parts: Parts, index: int, written: str, table: ActionTable) -> Iterator[Remark]:
    service, _, name = written.partition(":")
    found = table.named((written,))
    if has_wildcard(service):
        if parts.allows:
            yield Remark(
                StatementPart.ACTION, index, "This matches more than one service: name one, for example s3:GetObject."
            )
        return
    if not found:
        yield Remark(StatementPart.ACTION, index, _unknown(written, table))
        return
    if has_wildcard(name):
        counts = Counter(action.level for action in found)
        levels = ", ".join(f"{counts[level]} {level}" for level in LEVELS if counts[level])
        most = f"{len(found)} actions" if len(found) > 1 else found[0].name
        weight = Weight.WARNING if parts.allows and set(counts) - {"List", "Read"} else Weight.NOTE
        yield Remark(StatementPart.ACTION, index, f"{most}: {levels}; also actions that AWS adds later.", weight)
    else:
        action = found[0]
        on = f", on {kinds_of(action)}" if action.resource_types else "; no resource-level permissions"
        yield Remark(StatementPart.ACTION, index, f"{action.level}: {action.description}{on}.", Weight.NOTE)
    if parts.resources and not any(_served(action, parts.resources) for action in found):
        yield from _unserved(parts, index, written, table)


def _unserved(parts: Parts, index: int, written: str, table: ActionTable) -> Iterator[Remark]:
    """Yield a remark for an action to which none of the resources applies, although they apply to other actions."""
    found = table.named((written,))
    if not any(action.resource_types for action in found):
        text = f"{written} has no resource-level permissions: give it a separate statement, with * as the resource."
        yield Remark(StatementPart.ACTION, index, text)
    elif any(_served(action, parts.resources) for action in table.named(parts.actions)):
        text = f"None of the resources applies to {written}: it needs {kinds_of(*found)}."
        weight = Weight.WARNING if written.partition(":")[0].lower() in _NOT_ALL_LISTED else Weight.FAULT
        yield Remark(StatementPart.ACTION, index, text, weight)


def _unknown(written: str, table: ActionTable) -> str:
    service, colon, name = written.partition(":")
    low = service.lower()
    if not colon:
        return "Write an action as service:Name, for example s3:GetObject."
    if low not in table.known.services:
        return f"There is no service {service[:40]}.{_meant(_closest_name(low, tuple(table.known.services)))}"
    names = table.of_service(low)
    begun = sum(each.lower().startswith(written.lower()) for each in names)
    if begun:
        start = "One action starts" if begun == 1 else f"{begun} actions start"
        return f"{start} with {written}, but none has exactly this name."
    near = _closest_name(name.lower(), tuple(each.partition(":")[2].lower() for each in names))
    known = table.action(f"{low}:{near}")
    return f"There is no action {written[:60]}.{_meant(known.name if known else '')}"


@lru_cache(maxsize=256)
def _closest_name(name: str, names: tuple[str, ...]) -> str:
    return next(iter(get_close_matches(name, names, 1, 0.7)), "")


def _meant(name: str) -> str:
    return f" Did you mean {name}?" if name else ""


def kinds_of(*actions: Action) -> str:
    """Return the resource types of the actions, as a list in words; the types with the simplest ARNs come first."""
    return listed(tuple(dict.fromkeys(kind.name for kind in all_kinds(actions))), "or")


def all_kinds(actions: Iterable[Action]) -> tuple[ResourceType, ...]:
    kinds = dict.fromkeys(kind for action in actions for kind in action.resource_types)
    return tuple(sorted(kinds, key=lambda kind: (len(kind.arn), kind.arn)))


# Resources.


@lru_cache(maxsize=8192)
def fits(kind: ResourceType, resource: str) -> bool:
    """Return `ResourceType.fits`, cached: it is called with each key press."""
    return kind.fits(resource)


def _served(action: Action, resources: Sequence[str]) -> bool:
    """Whether one of the resources can apply to the action."""
    if not action.resource_types:
        return "*" in resources
    return any(not each.strip("*?") or any(fits(kind, each) for kind in action.resource_types) for each in resources)


def _resources(parts: Parts, table: ActionTable, facts: AccountFacts) -> Iterator[Remark]:
    found = table.named(parts.actions)
    on_some = [action for action in found if action.resource_types]
    kinds = all_kinds(on_some)
    if not parts.resources and on_some:
        yield Remark(StatementPart.RESOURCE, 0, f"Name the {kinds_of(*on_some)}, {_example(kinds, facts)}.")
    elif not parts.resources and found:
        yield Remark(StatementPart.RESOURCE, 0, "These actions have no resource-level permissions: use *.", Weight.NOTE)
    elif not parts.resources:
        yield Remark(StatementPart.RESOURCE, 0, "Name the resource.")
    for index, written in enumerate(parts.resources):
        if not written.strip("*?"):
            yield from _star(parts, index, on_some, facts)
        elif not written.startswith("arn:"):
            yield Remark(StatementPart.RESOURCE, index, f"Name a resource by its ARN, {_example(kinds, facts)}.")
        elif kinds:
            yield from _named(parts, index, kinds, facts)


def _named(parts: Parts, index: int, kinds: Sequence[ResourceType], facts: AccountFacts) -> Iterator[Remark]:
    written = parts.resources[index]
    unfinished = next((kind for kind in kinds if _tail(kind, written) == ""), None)
    fitting = [kind for kind in kinds if fits(kind, written)]
    if unfinished is not None:
        yield Remark(StatementPart.RESOURCE, index, f"Add the name of the {unfinished.name}.")
    elif not fitting:
        services = {action.partition(":")[0].lower() for action in parts.actions}
        text = (
            "None of the actions applies to this resource: the actions need "
            f"{listed([kind.name for kind in kinds], 'or')}"
        )
        weight = Weight.WARNING if services & _NOT_ALL_LISTED else Weight.FAULT
        yield Remark(StatementPart.RESOURCE, index, f"{text}, {_example(kinds, facts)}.", weight)
    elif fault := name_fault(written):
        yield Remark(StatementPart.RESOURCE, index, fault)
    elif parts.allows and (every := next((kind for kind in fitting if _every(kind, written)), None)) is not None:
        yield Remark(
            StatementPart.RESOURCE, index, f"This matches every {every.name}: name one {every.name}.", Weight.WARNING
        )


def _star(parts: Parts, index: int, on_some: Sequence[Action], facts: AccountFacts) -> Iterator[Remark]:
    if not on_some or not parts.allows:
        return
    if any("resourcetag/" in condition.key.lower() and condition.values for condition in parts.conditions):
        return  # the tag says which resources are meant
    names = listed([action.name for action in on_some])
    kinds = all_kinds(on_some)
    text = f"{names} can be limited to one {kinds_of(*on_some)}: name it, {_example(kinds, facts)}."
    yield Remark(StatementPart.RESOURCE, index, text)


def _example(kinds: Sequence[ResourceType], facts: AccountFacts) -> str:
    if not kinds:
        return "for example arn:aws:s3:::BucketName/*"
    shape = kinds[0].filled(facts.partition, facts.region, facts.account_id)
    return f"for example {shape.replace('${', '').replace('}', '')}"


def _tail(kind: ResourceType, written: str) -> str | None:
    """Return the text of an ARN from the type's first variable on; None if the ARN has another form or is too short."""
    shape, parts = kind.arn.split(":", 5), written.split(":", 5)
    fixed, variable, _ = shape[-1].partition("${")
    if len(parts) < 6 or not variable or shape[2] != parts[2] or not parts[5].startswith(fixed):
        return None
    return parts[5].removeprefix(fixed)


def _every(kind: ResourceType, written: str) -> bool:
    tail = _tail(kind, written)
    return bool(tail) and not (tail or "").strip("*?/:")


# Conditions.

NEVER = "would never be true"

_STRINGS = ("StringEquals", "StringLike", "StringNotEquals", "StringNotLike", "StringEqualsIgnoreCase")
_OPERATORS = {
    "String": _STRINGS,
    "ARN": ("ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals"),
    "Bool": ("Bool",),
    "Numeric": (
        *("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals"),
        *("NumericGreaterThan", "NumericGreaterThanEquals"),
    ),
    "Date": ("DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "DateEquals"),
    "IPAddress": ("IpAddress", "NotIpAddress"),
}


def operators_for(key: str, table: ActionTable) -> tuple[str, ...]:
    """Return the operators that suit a key's type, the usual one first.

    A key with several values needs ``ForAnyValue`` or ``ForAllValues``.
    """
    known = table.key(key)
    usual = _OPERATORS.get(known.type if known else "String", _STRINGS)
    if known is not None and known.many:
        positive = [each for each in usual if "Not" not in each]
        every = [f"ForAllValues:{each}" for each in positive]
        return (*(f"ForAnyValue:{each}" for each in positive), *every, "Null")
    if_exists = tuple(f"{each}IfExists" for each in usual[:2])
    return (*usual, *if_exists, "Null")


def _condition(parts: Parts, index: int, condition: StatementCondition, table: ActionTable) -> Iterator[Remark]:
    key = table.key(condition.key)
    named = table.named(parts.actions)
    if key is not None and key.open and condition.key.lower() == key.name.lower():
        yield Remark(StatementPart.KEY, index, f"Add a name to {condition.key}, for example {key.name}team.")
        return
    if key is not None and named and not _global(key.name):
        telling = [action for action in named if key.name.lower() in action.all_keys]
        if not telling:
            who = f"{parts.actions[0]} does not send" if len(parts.actions) == 1 else "None of the actions sends"
            yield Remark(
                StatementPart.KEY, index, f"{who} {key.name}, so the condition {_without(condition.operator)}."
            )
            return
        if len(telling) < len(named):
            silent = next(action.name for action in named if action not in telling)
            by_name = any(table.action(each) not in telling for each in parts.actions if not has_wildcard(each))
            comes = _without(condition.operator)
            weight = Weight.FAULT if parts.allows and by_name and comes == NEVER else Weight.WARNING
            text = f"{silent} does not send {key.name}, so for that action the condition {comes}: split the statement."
            yield Remark(StatementPart.KEY, index, text, weight)
    if key is not None and key.description:
        yield Remark(
            StatementPart.KEY,
            index,
            f"{key.type}{', several values' if key.many else ''}: {key.description}.",
            Weight.NOTE,
        )
    if not condition.values:
        yield Remark(StatementPart.VALUE, index, f"Enter a value to compare {condition.key} with.")


def _without(written: str) -> str:
    """Describe what a condition does if no request contains its key."""
    comparing = operator(written)
    idle = comparing is not None and (comparing.negated or comparing.if_exists or comparing.over == "all")
    return "would have no effect" if idle else NEVER


def _global(name: str) -> bool:
    return name.lower().startswith("aws:")
