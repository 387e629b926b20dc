"""Answers that do not fit their request: members that are missing, words that are new, lists without a marker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from iam.demo.aws.wire import DemoCall
from iam.sources.aws.answer_table import ANSWERS, NOT_ALWAYS, SHAPES
from iam.sources.aws.answers import _Rule

Place = tuple[Any, Any]
"""A dict or list, and the key or index of a value in it."""


def _places(value: Any, shape: Any, above: Place | None = None) -> Iterator[tuple[Place | None, Any, Any]]:
    """Yield every value with its place and shape."""
    yield above, value, shape
    match shape.type_name:
        case "structure":
            for name, each in value.items():
                if name in shape.members:
                    yield from _places(each, shape.members[name], (value, name))
        case "list":
            for index, each in enumerate(value):
                yield from _places(each, shape.member, (value, index))
        case "map":
            for key, each in value.items():
                yield from _places(each, shape.value, (value, key))


def _required(call: DemoCall, answer: Any, shape: Any) -> list[Place]:
    """The places of what AWS's answer always has."""
    service = str(call.model.service_model.service_name)
    optional = NOT_ALWAYS.get(service, {}).get(call.operation, ())
    found: list[Place] = []
    for _, value, each in _places(answer, shape):
        if each.type_name == "structure":
            always = (*each.required_members, *SHAPES.get(service, {}).get(each.name, ()))
            found += [(value, name) for name in always if name in value and f"{each.name}.{name}" not in optional]
    for rule in map(_Rule.of, ANSWERS.get(service, {}).get(call.operation, ())):
        if rule.relation != "?":
            found += _ends(answer, rule.path)
    return found


def _ends(value: Any, path: tuple[str, ...]) -> Iterator[Place]:
    if path[0] == "[]":
        for each in value or ():
            yield from _ends(each, path[1:])
    elif isinstance(value, Mapping) and path[0] in value:
        if len(path) == 1:
            yield value, path[0]
        else:
            yield from _ends(value[path[0]], path[1:])


def without_a_member(call: DemoCall, answer: dict[str, Any], dice: Random) -> bool:
    """Take one member away that AWS always sends; False where there is none."""
    # What has nothing else in it would not be written at all.
    places = [each for each in _required(call, answer, call.model.output_shape) if len(each[0]) > 1]
    if places:
        container, key = dice.choice(places)
        del container[key]
    return bool(places)


def with_a_new_word(call: DemoCall, answer: dict[str, Any], dice: Random) -> bool:
    """Put a new word in place of one value of a fixed list; False where there is none."""
    words = [
        place
        for place, _, shape in _places(answer, call.model.output_shape)
        if place is not None and shape.type_name == "string" and shape.enum
    ]
    if words:
        container, key = dice.choice(words)
        container[key] = "SOMETHING_NEW"
    return bool(words)


def of_another_kind(call: DemoCall, answer: dict[str, Any], dice: Random) -> bool:
    """Put a text in place of a list, or a list in place of a text; False where there is neither."""
    places = [
        (place, shape)
        for place, _, shape in _places(answer, call.model.output_shape)
        if place is not None and shape.type_name in ("list", "string", "structure")
    ]
    if places:
        (container, key), shape = dice.choice(places)
        container[key] = ["x"] if shape.type_name == "string" else "x"
    return bool(places)


def is_seen_to_be_of_another(call: DemoCall, other: Mapping[str, Any]) -> bool:
    """Whether the same operation's answer to other parameters names what it is about, and that is something else."""
    service = str(call.model.service_model.service_name)
    for rule in map(_Rule.of, ANSWERS.get(service, {}).get(call.operation, ())):
        had, has = call.get(rule.parameter), other.get(rule.parameter)
        if rule.relation and isinstance(had, str) and isinstance(has, str) and had.casefold() != has.casefold():
            return True
    return False


def flag_of(call: DemoCall) -> str:
    """The member that says whether a list goes on; "" where there is none."""
    members = call.model.output_shape.members if call.model.output_shape is not None else ()
    return next((each for each in ("IsTruncated", "Truncated") if each in members), "")
