"""Compare policy documents by meaning."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from typing import Any

from diagnostics.already_exists.words import as_list, statements_of, value_of
from iam.arn import name_of
from iam.changes.plan import Call
from iam.policy.document import Document


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between the wanted and the existing entity.

    ``is_`` is the existing value, in a few words or as policy text. ``call`` changes it to the wanted value. ``call``
    is None if no call can change the value (a path), or if none should; ``held`` then says why. ``after`` is the
    document that the call writes.
    """

    aspect: str
    wanted: str
    is_: str
    call: Call | None = None
    wanted_document: Document | None = None
    document: Document | None = None
    held: str = ""
    after: Document | None = None


def canonical(document: Document) -> Any:
    """Return a policy document in canonical form, which is equal for documents with the same meaning.

    It ignores Id and Sids, the order, and the choice between a single value and a list of one.
    """
    value = value_of(document)
    if not isinstance(value, dict):
        return document.text
    statements = [canonical_statement(each) for each in as_list(value.get("Statement"))]
    return str(value.get("Version", "2008-10-17")), sorted(statements)


def canonical_statement(statement: Any) -> str:
    if not isinstance(statement, dict):
        return json.dumps(statement, sort_keys=True)
    parts = {key: _sorted_values(value, key) for key, value in statement.items() if key != "Sid"}
    return json.dumps(parts, sort_keys=True)


def _sorted_values(value: Any, element: str) -> Any:
    if isinstance(value, dict):
        return {key: _sorted_values(each, element) for key, each in value.items()}
    texts = [str(each).lower() if isinstance(each, bool) else str(each) for each in as_list(value)]
    if element in ("Action", "NotAction"):
        texts = [text.lower() for text in texts]
    return sorted(set(texts))


def wide_open(document: Document) -> bool:
    """Return whether an Allow statement has ``*`` as action, principal or resource."""
    for statement in statements_of(document):
        if statement.get("Effect") != "Allow":
            continue
        principal = statement.get("Principal")
        principals = principal.values() if isinstance(principal, dict) else [principal]
        values = [statement.get("Action"), statement.get("Resource"), *principals]
        if any(each == "*" for value in values for each in as_list(value)):
            return True
    return False


def gives_everything(policy_arn: str) -> bool:
    """Return whether an AWS managed policy allows everything, according to its name."""
    return name_of(policy_arn) == "AdministratorAccess"


def difference_text(wanted: Document, is_: Document) -> str:
    """Return the differences between two documents by line: ``-`` for the existing one, ``+`` for the wanted one."""

    def lines(document: Document) -> list[str]:
        value = value_of(document)
        return (json.dumps(value, indent=2) if value is not None else document.text).splitlines()

    compared = difflib.unified_diff(lines(is_), lines(wanted), "exists", "wanted", lineterm="", n=2)
    return "\n".join(list(compared)[2:])
