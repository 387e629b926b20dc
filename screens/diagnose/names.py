"""The names that the form suggests: principals, actions, the resources that policies name, condition keys.

Walking an account's policies and loading the list of actions takes time: call `collect_names` in a worker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.message import Message

from iam.account import Account, Group, Role, User
from iam.policy.document import Document, PolicyError, Statement


@dataclass(frozen=True, slots=True)
class Names:
    principals: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    condition_keys: tuple[str, ...] = ()


class NamesFound(Message):
    """The names of this account are known now."""

    def __init__(self, account: Account | None, names: Names) -> None:
        super().__init__()
        self.account = account
        self.names = names


def collect_names(account: Account | None) -> Names:
    from iam.creation.action_table import action_table

    table = action_table()
    keys = {key.name for key in table.keys.values()}
    resources: set[str] = set()
    if account is not None:
        for statement in _statements(account):
            resources.update(statement.resource or ())
            keys.update(condition.key for condition in statement.conditions)
    return Names(
        principals_of(account) if account else (),
        table.known.names,
        tuple(sorted(name for name in resources if name != "*")),
        tuple(sorted(keys, key=str.casefold)),
    )


def named_resources(account: Account) -> set[str]:
    """What the account's policies name."""
    return {resource for statement in _statements(account) for resource in statement.resource or ()}


def principals_of(account: Account) -> tuple[str, ...]:
    return (*(role.arn for role in account.roles), *(user.arn for user in account.users or ()))


def _statements(account: Account) -> Iterator[Statement]:
    for document in _documents(account):
        try:
            yield from document.unplaced_statements
        except PolicyError:
            continue


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
