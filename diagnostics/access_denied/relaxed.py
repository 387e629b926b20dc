"""Policies at their most generous, where values of the request are unknown."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from diagnostics.access_denied.edits import as_list, statements_of
from iam.policy.document import Document, PolicyError


def condition_keys(document: Document) -> set[str]:
    """Every condition key that the document's conditions ask for, in lower case."""
    try:
        return {block.key.lower() for statement in document.statements for block in statement.conditions}
    except PolicyError:
        return set()


def relaxed(
    document: Document,
    open_keys: Iterable[str],
    *,
    open_resource: bool,
    keep: Callable[[str], bool],
    denies_only: bool = False,
) -> Document:
    """The document as it is at its most generous while the keys in ``open_keys`` (lower case) have no known value.

    Conditions on them are taken out of Allow statements, and Deny statements that hang on them are left out. With
    ``open_resource`` the request's resource is not known either: Allow statements then hold for any, and Deny
    statements only where they hold for all. A condition is kept where ``keep`` says of one of its values that it can
    match nothing (a policy variable without a value). With ``denies_only`` the Allow statements stay as they are.
    """
    keys = {key.lower() for key in open_keys}
    try:
        value = copy.deepcopy(document.value)
    except PolicyError:
        return document
    statements = []
    changed = False
    for statement in statements_of(value):
        if not isinstance(statement, dict):
            statements.append(statement)
            continue
        allows = statement.get("Effect") == "Allow"
        hangs = _hangs_on(statement, keys)
        if not allows and (hangs or (open_resource and not _holds_for_all(statement))):
            changed = True
            continue
        if denies_only:
            statements.append(statement)
            continue
        if allows and hangs:
            changed = _open_conditions(statement, keys, keep) or changed
        if allows and open_resource and ("Resource" in statement or "NotResource" in statement):
            statement.pop("NotResource", None)
            statement["Resource"] = "*"
            changed = True
        statements.append(statement)
    if not changed:
        return document
    if not statements:
        # A document without statements cannot be written; this one says nothing about any request.
        statements = [_nothing(value)]
    value["Statement"] = statements
    return Document.from_value(value)


def _hangs_on(statement: dict[str, Any], keys: set[str]) -> bool:
    condition = statement.get("Condition")
    if not isinstance(condition, dict):
        return False
    return any(key.lower() in keys for block in condition.values() if isinstance(block, dict) for key in block)


def _holds_for_all(statement: dict[str, Any]) -> bool:
    return "NotResource" not in statement and (
        "Resource" not in statement or "*" in [str(value) for value in as_list(statement["Resource"])]
    )


def _open_conditions(statement: dict[str, Any], keys: set[str], keep: Callable[[str], bool]) -> bool:
    changed = False
    for operator, block in list(statement["Condition"].items()):
        if not isinstance(block, dict):
            continue
        for key in list(block):
            if key.lower() in keys and not all(keep(str(value)) for value in as_list(block[key])):
                del block[key]
                changed = True
        if not block:
            del statement["Condition"][operator]
    if not statement["Condition"]:
        del statement["Condition"]
    return changed


def _nothing(value: Any) -> dict[str, Any]:
    sample = next((entry for entry in statements_of(value) if isinstance(entry, dict)), {})
    nothing: dict[str, Any] = {"Effect": "Deny", "Action": "none:None"}
    if "Principal" in sample or "NotPrincipal" in sample:
        nothing["Principal"] = {"AWS": "arn:aws:iam::000000000000:root"}
    if "Resource" in sample or "NotResource" in sample:
        nothing["Resource"] = "arn:aws:none:::none"
    return nothing
