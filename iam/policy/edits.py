"""Change copies of policy documents: add, change or remove a statement or its principals."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from itertools import count
from typing import Any

from iam.policy.document import Document


def statements_of(value: Any) -> list[Any]:
    """Return the statements of a decoded document as a list, even if the document has a single one."""
    statement = value.get("Statement", []) if isinstance(value, dict) else []
    return list(statement) if isinstance(statement, list) else [statement]


def as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def as_written(values: list[Any]) -> Any:
    """Return a single value by itself and several as a list, as most policies do."""
    return values[0] if len(values) == 1 else values


def with_statement(document: Document | None, statement: dict[str, Any]) -> Document:
    """Return a copy of the document with one more statement; without a document, a new one with only that statement."""
    if document is None:
        return Document.from_value({"Version": "2012-10-17", "Statement": [statement]})
    value = copy.deepcopy(document.value)
    value["Statement"] = [*statements_of(value), statement]
    return Document.from_value(value)


def with_free_sid(document: Document | None, statement: dict[str, Any]) -> dict[str, Any]:
    """Return the statement, with a number appended to its Sid if the document already has a statement with this Sid.

    Sids are unique in a policy (IAM User Guide, "IAM JSON policy elements: Sid").
    """
    taken = {each.get("Sid") for each in statements_of(document.value)} if document is not None else set()
    sid = statement.get("Sid")
    free = (name for number in count(1) if (name := sid if number == 1 else f"{sid}{number}") not in taken)
    return {**statement, "Sid": next(free)} if sid else statement


def with_changed(document: Document, index: int, change: Callable[[dict[str, Any]], None]) -> Document:
    """Return a copy in which ``change`` was called with statement ``index`` (from 0) to modify it."""
    value = copy.deepcopy(document.value)
    statements = statements_of(value)
    change(statements[index])
    value["Statement"] = as_written(statements) if not isinstance(value.get("Statement"), list) else statements
    return Document.from_value(value)


def without_statement(document: Document, index: int) -> Document | None:
    """Return a copy without statement ``index`` (from 0); None if no statement is left."""
    value = copy.deepcopy(document.value)
    statements = statements_of(value)
    del statements[index]
    return Document.from_value({**value, "Statement": statements}) if statements else None


def without_principals(document: Document, gone: Callable[[str, str], bool]) -> Document | None:
    """Return a copy of a trust policy without the principals for which ``gone`` returns True.

    ``gone`` is called with the kind (``AWS``) and the value. A statement whose principals are all removed is removed
    too. None if no statement is left.
    """
    kept = []
    for statement in statements_of(copy.deepcopy(document.value)):
        named = statement.get("Principal")
        if isinstance(named, dict):
            left = {kind: [each for each in as_list(values) if not gone(kind, each)] for kind, values in named.items()}
            if not any(left.values()):
                continue
            statement["Principal"] = {
                kind: named[kind] if values == as_list(named[kind]) else as_written(values)
                for kind, values in left.items()
                if values
            }
        kept.append(statement)
    return Document.from_value({**document.value, "Statement": kept}) if kept else None


def nobody_may_assume() -> Document:
    """Return a trust policy that lets nobody assume the role: a Deny, because IAM requires a statement.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html
    """
    return with_statement(
        None, {"Sid": "Nobody", "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    )


def statement_value(document: Document, index: int) -> dict[str, Any]:
    """Return a copy of statement ``index`` (from 0) as decoded JSON."""
    statement: dict[str, Any] = copy.deepcopy(statements_of(document.value)[index])
    return statement


def printed(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
