"""Names to use in questions: an account's principals, and the resources and condition keys in its policies."""

from __future__ import annotations

from collections.abc import Iterator

from iam.account import Account, Group, Role, User
from iam.policy.document import Document, Statement


def named_resources(account: Account) -> set[str]:
    """Return the values of all Resource elements in the account's policies."""
    return {resource for statement in _statements(account) for resource in statement.resource or ()}


def named_condition_keys(account: Account) -> set[str]:
    return {condition.key for statement in _statements(account) for condition in statement.conditions}


def principals_of(account: Account) -> tuple[str, ...]:
    return (*(role.arn for role in account.roles), *(user.arn for user in account.users or ()))


def _statements(account: Account) -> Iterator[Statement]:
    return (statement for document in _documents(account) for statement in document.readable_statements)


def _documents(account: Account) -> Iterator[Document]:
    holders: tuple[Role | User | Group, ...] = (*account.roles, *(account.users or ()), *(account.groups or ()))
    for holder in holders:
        for policy in holder.inline or ():
            yield policy.document
        if isinstance(holder, Role) and holder.trust is not None:
            yield holder.trust
    for managed in account.policies or ():
        if managed.document is not None:
            yield managed.document
