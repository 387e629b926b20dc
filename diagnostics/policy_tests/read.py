"""Read policy tests from YAML or JSON. Errors name the file, the test and the key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import yaml

from diagnostics.policy_tests.policy_test import Expectation, PolicyTest, Principals
from iam.policy.match import has_wildcard
from iam.questions.catalogue import catalogue
from iam.service_reference import action_names, services

KEYS = ("name", "principal", "action", "resource", "context", "expect")
_NOT = "not"


class PolicyTestError(ValueError):
    """Raised if the file contains no valid policy tests. ``str()`` is one sentence that names file, test and key."""


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML ships no types
    """Loads YAML without aliases, duplicate keys and dates. Each mapping has its line number."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="aliases are not supported", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                problem = f"the key {key.value!r} is given twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            if isinstance(key.value, str):
                seen.add(key.value)
        found = super().construct_mapping(node, deep)
        return _Lined(found, node.start_mark.line + 1)


class _Lined(dict[Any, Any]):
    """A mapping with the line on which it begins."""

    def __init__(self, values: Mapping[Any, Any], line: int) -> None:
        super().__init__(values)
        self.line = line


def _mapping(loader: _Loader, node: Any) -> dict[Any, Any]:
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: str(node.value))


def read_tests(text: str, file: str) -> tuple[PolicyTest, ...]:
    """Return the tests in a file, in order. Raises `PolicyTestError`."""
    content = _content(text, file)
    if not isinstance(content, dict) or "tests" not in content:
        raise PolicyTestError(f"{file} has no key 'tests' with a list of policy tests.")
    others = [str(key) for key in content if key != "tests"]
    if others:
        raise PolicyTestError(f"{file}: the key {others[0]!r} is unknown; the file's only key is 'tests'.")
    entries = content["tests"]
    if not isinstance(entries, list) or not entries:
        raise PolicyTestError(f"{file}: 'tests' needs a list with at least one test.")
    return tuple(_test(entry, file, number) for number, entry in enumerate(entries, 1))


def _content(text: str, file: str) -> Any:
    try:
        # YAML accepts all of JSON except tabs between its tokens.
        source = json.dumps(json.loads(text)) if "\t" in text and text.lstrip().startswith("{") else text
        return yaml.load(source, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark is not None else ""
        raise PolicyTestError(f"{file} is not YAML: {error.problem}{where}.") from None
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise PolicyTestError(f"{file} is not YAML: {str(error).splitlines()[0]}.") from None


class _Entry:
    """An entry that is being read. Errors begin with its file, number and name."""

    def __init__(self, entry: Mapping[Any, Any], file: str, number: int) -> None:
        self.entry = entry
        name = entry.get("name")
        self.where = f"{file}: test {number}" + (f" ({name})" if isinstance(name, str) else "")

    def error(self, key: str, problem: str) -> PolicyTestError:
        return PolicyTestError(f"{self.where}: {key}: {problem}.")

    def texts(self, key: str, value: Any) -> tuple[str, ...]:
        """Return a value that is a text, or a list of texts, as a tuple."""
        values = value if isinstance(value, list) else [value]
        for each in values:
            if isinstance(each, (int, float)) and not isinstance(each, bool):
                raise self.error(key, f"{each} is a number; write it in quotes")
            if not isinstance(each, str) or not each.strip():
                raise self.error(key, f"takes a string or a list of strings, not {_shown(each)}")
        if not values:
            raise self.error(key, "the list is empty")
        return tuple(each.strip() for each in values)


def _shown(value: Any) -> str:
    return json.dumps(value, default=str)[:60]


def _test(value: Any, file: str, number: int) -> PolicyTest:
    if not isinstance(value, dict):
        raise PolicyTestError(f"{file}: test {number} is {_shown(value)}; a test has the keys {', '.join(KEYS)}.")
    entry = _Entry(value, file, number)
    for key in value:
        if key not in KEYS:
            near = get_close_matches(str(key), KEYS, 1)
            hint = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(KEYS)}"
            raise PolicyTestError(f"{entry.where}: the key {key!r} is unknown; {hint}")
    for key in ("principal", "action", "expect"):
        if key not in value:
            raise PolicyTestError(f"{entry.where}: the key {key!r} is missing.")
    if not isinstance(value.get("name", ""), str):
        raise entry.error("name", f"takes a text, not {_shown(value['name'])}")
    return PolicyTest(
        file=file,
        number=number,
        line=getattr(value, "line", 1),
        principals=_principals(entry, value["principal"]),
        actions=_actions(entry, value["action"]),
        resources=_resources(entry, value.get("resource", "*")),
        context=_context(entry, value.get("context", {})),
        expect=_expectation(entry, value["expect"]),
        name=value.get("name", ""),
    )


def _principals(entry: _Entry, value: Any) -> Principals:
    if not isinstance(value, dict):
        return Principals(entry.texts("principal", value))
    if list(value) != [_NOT]:
        raise entry.error("principal", "takes a name, an ARN, a pattern, a list of them, or {not: [...]}")
    return Principals(entry.texts("principal.not", value[_NOT]), excluded=True)


def _actions(entry: _Entry, value: Any) -> tuple[str, ...]:
    """Return the actions. AWS must list them: a test with a misspelled action would pass whatever the policies say."""
    found = entry.texts("action", value)
    for action in found:
        service, colon, name = action.partition(":")
        if action == "*":
            continue
        if not colon or not name or any(char.isspace() for char in action):
            raise entry.error("action", f"{action!r} is not an action; write service:Name, such as s3:GetObject")
        if has_wildcard(action):
            if not catalogue().matching(action):
                raise entry.error("action", f"no action that AWS lists matches {action}")
            continue
        listed = action_names(service)
        if not listed:
            near = get_close_matches(service.lower(), services(), 1)
            raise entry.error(
                "action", f"AWS lists no service {service!r}" + (f"; did you mean {near[0]}?" if near else "")
            )
        if name.lower() not in listed:
            near = get_close_matches(name.lower(), listed, 1)
            hint = f"; did you mean {service}:{listed[near[0]]}?" if near else ""
            raise entry.error("action", f"AWS lists no action {action}{hint}")
    return found


def _resources(entry: _Entry, value: Any) -> tuple[str, ...]:
    found = entry.texts("resource", value)
    for each in found:
        if each != "*" and (not each.startswith("arn:") or each.count(":") < 5):
            raise entry.error("resource", f"{each!r} is neither an ARN nor *")
    return found


def _context(entry: _Entry, value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise entry.error("context", "takes condition keys with their values")
    found: dict[str, tuple[str, ...]] = {}
    for key, had in value.items():
        if not isinstance(key, str) or ":" not in key:
            raise entry.error("context", f"{key!r} is not a condition key, such as aws:RequestedRegion")
        values = had if isinstance(had, list) else [had]
        if any(isinstance(each, (dict, list)) or each is None for each in values):
            raise entry.error(f"context.{key}", "takes a value or a list of values")
        found[key] = tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in values)
    return found


def _expectation(entry: _Entry, value: Any) -> Expectation:
    try:
        return Expectation(value)
    except ValueError:
        raise entry.error("expect", f"takes allowed, denied or unknown, not {_shown(value)}") from None
