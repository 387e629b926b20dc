"""Policy documents in which a principal's values of some condition keys are filled in.

Documents for principals with different tags can then be compared as if no document tested the tag
(`iam.questions.change.compare`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from iam.policy.conditions import Condition
from iam.policy.document import Document
from iam.policy.request import Policies
from iam.policy.statements import ConditionBlock
from iam.policy.variables import Variable, template

_VARIABLE = re.compile(r"\$\{[^{}]*\}")

Values = Mapping[str, tuple[str, ...]]
"""Condition keys (in lower case) with their values; an empty tuple means that the key is absent."""

_EQUAL_TO_NOTHING = "\ue000 no value"
_NOTHING: dict[str, Any] = {"Effect": "Deny", "Action": "iam:NoSuchAction", "Resource": "arn:aws:iam::0:nothing"}
"""A statement for a document that has no other statement left, because a document needs at least one."""
_FLIPPED = {"stringequals", "stringnotequals", "stringequalsignorecase", "stringnotequalsignorecase"}


class NotAssignable(ValueError):
    """Raised if a condition compares the key with another unknown key, so that it cannot be written without the key."""


def assigned_policies(policies: Policies, values: Values) -> Policies:
    """Return the policies as they apply to a principal with these values. Raises `NotAssignable` and `PolicyError`."""
    return policies.mapped(lambda policy: replace(policy, document=assigned(policy.document, values)))


def assigned(document: Document, values: Values) -> Document:
    """Return the document with these keys resolved: no condition tests them, and no policy variable refers to them.

    Raises `NotAssignable`, and `PolicyError` for an invalid document.
    """
    if not any(document.mentions(key) for key in values):
        return document
    value = document.value
    live = value.get("Version") == "2012-10-17"
    listed = value.get("Statement", [])
    statements = listed if isinstance(listed, list) else [listed]
    kept = [found for one in statements if (found := _statement(one, values, live)) is not None]
    return Document.from_value({**value, "Statement": kept or [_nothing(statements)]})


def _nothing(statements: list[Any]) -> dict[str, Any]:
    """Return a statement that matches nothing, in the form of the document's statements."""
    named = any("Principal" in one or "NotPrincipal" in one for one in statements)
    return {**_NOTHING, "Principal": "*"} if named else _NOTHING


def _statement(statement: dict[str, Any], values: Values, live: bool) -> dict[str, Any] | None:
    """Return the statement without the keys; None if it never matches."""
    found = dict(statement)
    conditions: dict[str, dict[str, Any]] = {}
    for operator, block in (statement.get("Condition") or {}).items():
        for key, had in block.items():
            texts = tuple(map(_text, had if isinstance(had, list) else [had]))
            left = _condition(operator, key, texts, values, live)
            if left is False:
                return None
            if left is not True:
                name, new_key, new = left
                if new_key in conditions.setdefault(name, {}) and new_key != key:
                    raise NotAssignable(f"two conditions on {new_key}")
                conditions[name][new_key] = list(new)
    if "Condition" in found:
        found["Condition"] = {name: block for name, block in conditions.items() if block}
        if not found["Condition"]:
            del found["Condition"]
    for element in ("Resource", "NotResource"):
        if element in found and live:
            listed = found[element] if isinstance(found[element], list) else [found[element]]
            left_over = [text for one in listed if (text := _filled(one, values)) is not None]
            if not left_over and element == "Resource":
                return None
            if not left_over:
                del found[element]
                left_over, element = ["*"], "Resource"
            found[element] = left_over
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _condition(
    operator: str, key: str, texts: tuple[str, ...], values: Values, live: bool
) -> bool | tuple[str, str, tuple[str, ...]]:
    """Return True or False if the condition is decided; otherwise its operator, key and remaining values."""
    condition = Condition(ConditionBlock(operator, key, texts), live)
    if key.lower() not in values:
        if not condition.templates:
            return operator, key, texts
        filled = tuple(text for each in texts if (text := _filled(each, values)) is not None)
        return operator, key, filled or (_EQUAL_TO_NOTHING,)

    def lookup(name: str) -> tuple[str, ...] | None:
        return values.get(name.lower()) or None

    open_keys = [name for name in condition.unresolved(lookup) if name.lower() not in values]
    if not open_keys:
        return condition.holds(lookup)
    had = values[key.lower()]
    if not had:
        return condition.operator.without_key
    if operator.lower() in _FLIPPED and len(texts) == 1 and texts[0] == f"${{{open_keys[0]}}}" and len(had) == 1:
        return operator, open_keys[0], (had[0],)
    raise NotAssignable(f"{operator} compares {key} with {', '.join(open_keys)}")


def _filled(text: str, values: Values) -> str | None:
    """Return the text with variables replaced by their values.

    None if a variable has no value: such a text equals nothing.
    """
    written: list[str] = []
    at = 0
    for match in _VARIABLE.finditer(text):
        parsed = template(match[0])
        variable = next((part for part in parsed.parts if isinstance(part, Variable)), None) if parsed else None
        written.append(text[at : match.start()])
        at = match.end()
        if variable is None or variable.key.lower() not in values:
            written.append(match[0])
            continue
        had = values[variable.key.lower()]
        value = had[0] if len(had) == 1 else variable.default
        if value is None:
            return None
        written.append(_plain(value))
    return "".join((*written, text[at:]))


def _plain(value: str) -> str:
    """Return a value as a literal of a policy, with wildcard characters escaped."""
    return "".join(f"${{{char}}}" if char in "*?$" else char for char in value)
