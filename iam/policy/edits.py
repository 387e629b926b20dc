"""Changed copies of policy documents: with a statement more, with an element changed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from itertools import count
from typing import Any

from iam.policy.document import Document


def statements_of(value: Any) -> list[Any]:
    """The statements of a decoded document, a single one as a list of one."""
    statement = value.get("Statement", []) if isinstance(value, dict) else []
    return list(statement) if isinstance(statement, list) else [statement]


def as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def as_written(values: list[Any]) -> Any:
    """One value by itself, several as a list: how people write policies."""
    return values[0] if len(values) == 1 else values


def with_statement(document: Document | None, statement: dict[str, Any]) -> Document:
    """A copy with one statement more, or a new document of that statement alone."""
    if document is None:
        return Document.from_value({"Version": "2012-10-17", "Statement": [statement]})
    value = copy.deepcopy(document.value)
    value["Statement"] = [*statements_of(value), statement]
    return Document.from_value(value)


def with_free_sid(document: Document | None, statement: dict[str, Any]) -> dict[str, Any]:
    """The statement with its Sid numbered where the document has it already: Sids are unique in a policy (IAM User
    Guide, "IAM JSON policy elements: Sid").
    """
    taken = {each.get("Sid") for each in statements_of(document.value)} if document is not None else set()
    sid = statement.get("Sid")
    free = (name for number in count(1) if (name := sid if number == 1 else f"{sid}{number}") not in taken)
    return {**statement, "Sid": next(free)} if sid else statement


def with_changed(document: Document, index: int, change: Callable[[dict[str, Any]], None]) -> Document:
    """A copy in which ``change`` was made to statement ``index`` (from 0)."""
    value = copy.deepcopy(document.value)
    statements = statements_of(value)
    change(statements[index])
    value["Statement"] = as_written(statements) if not isinstance(value.get("Statement"), list) else statements
    return Document.from_value(value)


def without_statement(document: Document, index: int) -> Document | None:
    """A copy without statement ``index`` (from 0); None where that is the only one, and the policy would go."""
    value = copy.deepcopy(document.value)
    statements = statements_of(value)
    del statements[index]
    return Document.from_value({**value, "Statement": statements}) if statements else None


def without_principals(document: Document, gone: Callable[[str, str], bool]) -> Document | None:
    """A copy of a trust policy without the principals of which ``gone`` is true, asked with kind (``AWS``) and value.

    A statement that names nobody else goes with them. None where no statement is left.
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
    """A trust policy that lets nobody in: IAM requires a statement, and an explicit deny wins.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html
    """
    return with_statement(
        None, {"Sid": "Nobody", "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    )


def statement_value(document: Document, index: int) -> dict[str, Any]:
    """Statement ``index`` as decoded JSON."""
    statement: dict[str, Any] = copy.deepcopy(statements_of(document.value)[index])
    return statement


def printed(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
