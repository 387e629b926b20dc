"""Read the resources of a CloudFormation template in a text: JSON or YAML, complete or in part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diagnostics.text.read.forms.cloudtrail_events import json_values
from diagnostics.text.read.layout.yaml_text import load_yaml
from iam.lazy_pattern import regex

_YAML_TYPE = regex(r"[ \t]*Type:[ \t]*[\"']?AWS::\w+::\w+[\"']?[ \t]*\r?")
_DEEPEST = 60
_MOST_LINES = 2000


def template_resources(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the type and properties of each resource of a template in the text, JSON or YAML."""
    yield from _from_json(text)
    yield from _from_yaml(text)


def _from_json(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for value, _, _ in json_values(text):
        for each in value if isinstance(value, list) else [value]:
            yield from _resources(each, 0)


def _from_yaml(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield resources, each read by itself because the surrounding text may be prose. Each line is read once."""
    lines = text.split("\n")
    indents = [len(plain) - len(plain.lstrip()) if (plain := line.expandtabs()).strip() else None for line in lines]
    read = 0
    for number, line in enumerate(lines):
        indent = indents[number]
        if number < read or indent is None or not _YAML_TYPE.fullmatch(line):
            continue
        first, last = number, number + 1
        while first > read and (before := indents[first - 1]) is not None and before >= indent:
            first -= 1
        while last < min(len(lines), number + _MOST_LINES) and ((after := indents[last]) is None or after >= indent):
            last += 1
        read = last
        value = load_yaml("\n".join(each.expandtabs()[indent:] for each in lines[first:last]))
        yield from _resources(value, 0)


def _resources(value: Any, depth: int) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(value, dict) or depth > _DEEPEST:
        return
    type_ = value.get("Type")
    if isinstance(type_, str) and type_.startswith("AWS::"):
        properties = value.get("Properties")
        yield type_, properties if isinstance(properties, dict) else {}
        return
    for each in value.values():
        yield from _resources(each, depth + 1)


def computed(value: Any) -> bool:
    """Return whether a value contains a CloudFormation function that only a deployment can evaluate."""
    if isinstance(value, dict):
        if any(str(key) in ("Ref", "Condition") and len(value) == 1 for key in value):
            return True
        return any(str(key).startswith("Fn::") or computed(each) for key, each in value.items())
    return isinstance(value, list) and any(computed(each) for each in value)
