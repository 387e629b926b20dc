"""Compare a wanted trust policy with the existing one. Statements are only added, and conditions are never removed."""

from __future__ import annotations

import json
from typing import Any

from diagnostics.already_exists.study.documents import Difference, canonical, canonical_statement, wide_open
from diagnostics.already_exists.words import as_list, statements_of, value_of
from diagnostics.commands import compact_json
from diagnostics.fix import iam_call
from iam.account import Role
from iam.policy.document import Document
from iam.words import joined


def trust_difference(role: Role, wanted: Document) -> list[Difference]:
    """Return the difference between the trust policies, or an empty list if there is none.

    Its call adds the missing statements to the existing ones, so that everyone who is trusted now stays trusted. There
    is no call if a condition would no longer apply to a principal.
    """
    there = role.trust
    assert there is not None  # the caller has checked this
    if canonical(wanted) == canonical(there):
        return []
    have = {canonical_statement(statement) for statement in statements_of(there)}
    missing = [each for each in statements_of(wanted) if canonical_statement(each) not in have]
    held = _held(missing, statements_of(there), wanted)
    call = None
    after = None
    value = value_of(there)
    if not held and missing and isinstance(value, dict):
        merged = {**value, "Statement": [*as_list(value.get("Statement")), *_without_taken_sids(missing, value)]}
        after = Document(json.dumps(merged, indent=2))
        call = iam_call("UpdateAssumeRolePolicy", RoleName=role.name, PolicyDocument=compact_json(merged))
    if not missing:
        held = "every intended principal is trusted already; others are too"
    return [Difference("trust policy", "otherwise", "otherwise", call, wanted, there, held, after)]


def _held(missing: list[dict[str, Any]], there: list[dict[str, Any]], wanted: Document) -> str:
    if wide_open(wanted):
        return "it would allow anybody"
    for statement in missing:
        principals = _principals(statement)
        for other in there:
            dropped = _keys(other) - _keys(statement)
            if other.get("Effect") == "Allow" and dropped and principals & _principals(other):
                return f"the existing trust also requires {joined(sorted(dropped))}; that condition is kept"
    return ""


def _principals(statement: dict[str, Any]) -> set[tuple[str, str]]:
    principal = statement.get("Principal")
    if not isinstance(principal, dict):
        return {("*", str(principal))}
    return {(str(kind), str(value)) for kind, values in principal.items() for value in as_list(values)}


def _keys(statement: dict[str, Any]) -> set[str]:
    condition = statement.get("Condition")
    blocks = condition.values() if isinstance(condition, dict) else ()
    return {str(key).lower() for block in blocks if isinstance(block, dict) for key in block}


def _without_taken_sids(statements: list[dict[str, Any]], document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the statements, without the Sids that the document already uses: Sids must be unique."""
    taken = {each.get("Sid") for each in as_list(document.get("Statement")) if isinstance(each, dict)}
    return [{key: value for key, value in each.items() if key != "Sid" or value not in taken} for each in statements]
