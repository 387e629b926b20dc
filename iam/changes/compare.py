"""Compare policy documents by meaning rather than by text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iam.policy.document import Document, PolicyError

_ROOT = re.compile(r"^arn:aws[a-z-]*:iam::(\d{12}):root$")


def same_document(one: Document | str | None, other: Document | str | None) -> bool:
    """Whether two documents are equivalent.

    The order of values, whether a single value is in a list, and white space do not matter. An account ID as a
    principal equals its root user's ARN, which IAM saves in the account's own partition
    (reference_policies_elements_principal). Documents that cannot be parsed are compared as text.
    """
    if one is None or other is None:
        return one is other
    return canonical(one) == canonical(other)


@dataclass(frozen=True, slots=True)
class ValueChanges:
    """The values that only one of two documents contains, in the form that `document_values` returns."""

    added: Mapping[str, str]
    removed: Mapping[str, str]


def value_changes(before: str, after: str) -> ValueChanges:
    """Return the added and removed actions, resources, principals and conditions; other changes are ignored."""
    had, has = document_values(before), document_values(after)
    return ValueChanges(
        {key: text for key, text in has.items() if key not in had},
        {key: text for key, text in had.items() if key not in has},
    )


def document_values(document: str) -> Mapping[str, str]:
    """Return the actions, resources, principals and conditions of a document, as written, keyed for comparison.

    Values of a Deny statement begin with ``Deny``. A document that cannot be parsed has no values.
    """
    try:
        listed = Document(document).value["Statement"]
    except (PolicyError, KeyError):
        return {}
    statements = listed if isinstance(listed, list) else [listed]
    return dict(pair for each in statements if isinstance(each, dict) for pair in _values(each))


def _values(statement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    deny = "Deny " if statement.get("Effect") == "Deny" else ""
    for key in ("Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"):
        head = f"{deny}{f'{key} ' if key.startswith('Not') else ''}"
        for text in _leaves(statement.get(key)):
            yield f"{key} {deny}{text.lower() if key.endswith('Action') else text}", f"{head}{text}"


def _leaves(value: Any, under: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, f"{under}{key} ")
    elif value is not None:
        yield from (f"{under}{text}" for text in _texts(value))


def canonical(document: Document | str) -> str:
    """Return a text that is the same for all equivalent documents.

    A document that cannot be parsed is returned unchanged.
    """
    held = Document(document) if isinstance(document, str) else document
    try:
        return json.dumps(_normal(held.value), sort_keys=True)
    except PolicyError:
        return held.text


def _normal(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    held = value.get("Statement")
    listed = held if isinstance(held, list) else [held]
    return {
        **{key: each for key, each in value.items() if key not in ("Statement", "Id")},
        "Statement": [_statement(each) for each in listed],
    }


def _statement(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    normal: dict[str, Any] = {}
    for key, each in value.items():
        if key in ("Action", "NotAction"):
            normal[key] = sorted(text.lower() for text in _texts(each))
        elif key in ("Resource", "NotResource"):
            normal[key] = _texts(each)
        elif key in ("Principal", "NotPrincipal"):
            normal[key] = _principal(each)
        elif key == "Condition" and isinstance(each, dict):
            normal[key] = {
                operator.lower(): {name.lower(): _texts(values) for name, values in block.items()}
                for operator, block in each.items()
                if isinstance(block, dict)
            }
        else:
            normal[key] = each
    return normal


def _principal(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {kind: sorted(_ROOT.sub(r"\1", text) for text in _texts(held)) for kind, held in value.items()}


def _texts(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return sorted(each if isinstance(each, str) else json.dumps(each) for each in listed)
