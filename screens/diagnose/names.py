"""The names that the form suggests: principals, actions, resources in policies, condition keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from iam.account import Account
from iam.questions.catalogue import catalogue
from iam.questions.names import named_condition_keys, named_resources, principals_of


@dataclass(frozen=True, slots=True)
class Names:
    principals: tuple[str, ...] = ()
    actions: Sequence[str] = ()
    resources: tuple[str, ...] = ()
    condition_keys: tuple[str, ...] = ()


@dataclass(eq=False, repr=False)
class NamesFound(Message):
    """The names of this account were collected."""

    account: Account
    names: Names


def collect_names(account: Account) -> Names:
    """Collect names from the account's policies and AWS's list of actions. This is slow: call it in a worker."""
    from iam.creation.statements.action_table import known_keys

    keys = {key.name for key in known_keys().values()} | named_condition_keys(account)
    return Names(
        principals_of(account),
        catalogue().names,
        tuple(sorted(named_resources(account) - {"*"})),
        tuple(sorted(keys, key=str.casefold)),
    )
