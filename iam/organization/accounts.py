"""A common interface to a single account and to the accounts of an organization."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iam.account import Account
from iam.arn import account_of
from iam.organization.place import Place
from iam.protocols import Protocol

if TYPE_CHECKING:
    from iam.organization.levels import Organization
    from iam.organization.tree import OrganizationTree
    from iam.sources.reader.opened import OpenedAccount


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known about an account without opening it.

    ``organization`` is set even for an unread account, if the organization's tree contains it. ``why`` is one sentence
    on why the account was not read.
    """

    id: str
    place: Place
    name: str = ""
    organization: Organization | None = None
    why: str = ""
    outside: bool = False

    @property
    def words(self) -> str:
        """The account's name and ID for a sentence: ``account ci (111122223333)``."""
        return f"account {self.name} ({self.id})" if self.name else f"account {self.id}"


class Accounts(Protocol):
    """Several accounts, each of which is opened on demand. Every method may block."""

    @property
    def ids(self) -> Sequence[str]:
        """The IDs of the accounts that can be opened."""

    @property
    def tree(self) -> OrganizationTree | None:
        """The organization, or None if it was not read."""

    def tree_of(self, account: str) -> OrganizationTree | None:
        """Return the organization of an account, or `tree` if it is in no organization that was read."""

    @property
    def missing(self) -> Sequence[Standing]:
        """The accounts of the organization that could not be read, each with the reason."""

    def opened(self, account: str) -> OpenedAccount | None:
        """Return the opened account, or None if it cannot be opened."""

    def standing(self, account: str) -> Standing: ...

    def name_of(self, account: str) -> str:
        """Return the account's name, or "" if unknown."""

    def owner_of(self, arn: str) -> str | None:
        """Return the account that owns a resource: the one in its ARN, or else the only account that lists it.

        Return None if no account that was read lists the resource, or if several accounts list it.
        """

    def claimed_by(self, arn: str) -> Sequence[str]:
        """Return the accounts that list a resource whose ARN contains no account.

        If there are several, the owner is unknown.
        """

    def holders_of(self, role: str) -> Sequence[str]:
        """Return the accounts that have a role with this name."""

    def holder_of_id(self, unique_id: str) -> str | None:
        """Return the account that has the role or user with this unique ID (``AROA…``).

        None if no account that was read contains it.
        """

    def trusting(self, account: str) -> Sequence[str]:
        """Return the other accounts that can contain roles that trust principals in ``account``.

        The result may contain further accounts, but it contains every such account. Does not call AWS.
        """

    def endpoint_account(self, endpoint: str) -> str | None:
        """Return the account that has a VPC endpoint, or None if unknown."""

    def called(self, word: str) -> Sequence[str]:
        """Return the accounts with this ID, name or alias."""

    @property
    def at_hand(self) -> Sequence[str]:
        """The accounts that can be opened without a call to AWS."""

    def renew(self, opened: OpenedAccount) -> OpenedAccount:
        """Store a newer state of an opened account, and return it together with its organization."""


class OneAccount:
    """Implements `Accounts` for a single account."""

    tree: OrganizationTree | None = None
    missing: Sequence[Standing] = ()

    def __init__(self, opened: OpenedAccount) -> None:
        self._opened = opened

    @property
    def account(self) -> Account:
        return self._opened.account

    @property
    def ids(self) -> Sequence[str]:
        return (self.account.id,)

    def tree_of(self, account: str) -> OrganizationTree | None:
        return self.tree

    def opened(self, account: str) -> OpenedAccount | None:
        return self._opened if account == self.account.id else None

    def standing(self, account: str) -> Standing:
        if account != self.account.id:
            return Standing(account, Place.UNKNOWN)
        return Standing(account, Place.READ, self.account.alias or "", self.account.organization)

    def name_of(self, account: str) -> str:
        return (self.account.alias or "") if account == self.account.id else ""

    def owner_of(self, arn: str) -> str | None:
        return account_of(arn)

    def claimed_by(self, arn: str) -> Sequence[str]:
        return ()

    def holders_of(self, role: str) -> Sequence[str]:
        return self.ids if self.account.role(role) is not None else ()

    def holder_of_id(self, unique_id: str) -> str | None:
        return self.account.id if has_principal_id(self.account, unique_id) else None

    def trusting(self, account: str) -> Sequence[str]:
        return tuple(id for id in self.ids if id != account)

    def endpoint_account(self, endpoint: str) -> str | None:
        listed = self._opened.reader.vpc_endpoints("").value or ()
        return self.account.id if any(each.id == endpoint for each in listed) else None

    def called(self, word: str) -> Sequence[str]:
        return self.ids if word in (self.account.id, self.account.alias) else ()

    @property
    def at_hand(self) -> Sequence[str]:
        return self.ids

    def renew(self, opened: OpenedAccount) -> OpenedAccount:
        self._opened = opened
        return opened


def has_principal_id(account: Account, unique_id: str) -> bool:
    """Whether the account has the role or user with this unique ID."""
    return unique_id in unique_ids(account)


def unique_ids(account: Account) -> Iterable[str]:
    """Return the unique IDs of an account's roles and users."""
    return [id for id in (*(role.id for role in account.roles), *(user.id for user in account.users or ())) if id]
