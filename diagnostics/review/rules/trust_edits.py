"""Changes to trust policies that exclude a principal or require more from it: the alternatives of a fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from iam.policy.document import Document
from iam.policy.edits import as_list, nobody_may_assume, statements_of, with_changed, without_statement
from iam.policy.principal import caller
from iam.policy.request import NamedPolicy
from iam.policy.shared_providers import issuer_of

MOST_ROUNDS = 10
"""The maximum number of statements in one trust policy that are changed, one after another, to exclude a principal."""


def of_account(account: str) -> Callable[[str, str], bool]:
    """Return a function that says whether a policy's principal, given as kind and value, is in this account."""
    return lambda kind, value: kind == "AWS" and value != "*" and caller(value).account == account


def of_issuer(issuer: str) -> Callable[[str, str], bool]:
    """Return a function that says whether a principal, given as kind and value, is this issuer's identity provider."""
    return lambda kind, value: kind == "Federated" and issuer_of(value).lower() == issuer


def without(document: Document, index: int, gone: Callable[[str, str], bool]) -> Document:
    """Return the document in which statement ``index`` no longer allows the principals for which ``gone`` is true.

    A statement that also names other principals still allows those. A statement that names no others, or that allows
    everybody, is removed. If it was the only statement, the document then allows nobody.
    """
    named = statements_of(document.value)[index].get("Principal")
    pairs = [(kind, each) for kind, values in named.items() for each in as_list(values)] if _is_map(named) else []
    left = [(kind, each) for kind, each in pairs if not gone(kind, each)]
    if not left or len(left) == len(pairs):
        return without_statement(document, index) or nobody_may_assume()

    def change(statement: dict[str, Any]) -> None:
        kinds = dict.fromkeys(kind for kind, _ in left)
        values = {kind: [each for of, each in left if of == kind] for kind in kinds}
        statement["Principal"] = {kind: several if len(several) > 1 else several[0] for kind, several in values.items()}

    return with_changed(document, index, change)


def with_condition(document: Document, indexes: Iterable[int], key: str, value: str) -> Document | None:
    """Return the document with a condition on this key and value added to the statements.

    None if a statement also names principals other than AWS principals, which do not send such a key.
    """
    for index in set(indexes):
        named = statements_of(document.value)[index].get("Principal")
        if _is_map(named) and set(named) != {"AWS"}:
            return None
        document = with_changed(document, index, lambda statement: _require(statement, key, value))
    return document


def _require(statement: dict[str, Any], key: str, value: str) -> None:
    condition = statement.setdefault("Condition", {})
    if _is_map(condition):
        condition.setdefault("StringEquals", {})[key] = value


def for_this_account(document: Document, indexes: Iterable[int], root: str) -> Document:
    """Return the document in which these statements for everybody name this account instead."""
    for index in set(indexes):
        document = with_changed(document, index, lambda statement: _name(statement, root))
    return document


def _name(statement: dict[str, Any], root: str) -> None:
    statement.pop("NotPrincipal", None)
    named = statement.get("Principal")
    others = {kind: values for kind, values in named.items() if kind != "AWS"} if isinstance(named, dict) else {}
    statement["Principal"] = {**others, "AWS": root}


def anybody(kind: str, value: str) -> bool:
    """Return whether a policy's principal means everybody."""
    return kind == "AWS" and value == "*"


def _is_map(value: Any) -> bool:
    return isinstance(value, dict)


def changed(trust: NamedPolicy, document: Document) -> NamedPolicy:
    return NamedPolicy(document, trust.name, trust.arn)


def until_out(
    trust: NamedPolicy, granting: Callable[[NamedPolicy], Iterator[int]], gone: Callable[[str, str], bool]
) -> NamedPolicy | None:
    """Return the trust policy without these principals.

    As long as a statement still allows them, according to ``granting``, that statement is changed. None if this takes
    more than `MOST_ROUNDS` changes.
    """
    for _ in range(MOST_ROUNDS):
        index = next(granting(trust), None)
        if index is None:
            return trust
        trust = changed(trust, without(trust.document, index, gone))
    return None
