"""One account, or the accounts of an organization, behind one interface."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from iam.account import Account, Organization
from iam.arn import account_of
from iam.organization.tree import OrganizationTree
from iam.protocols import Protocol

if TYPE_CHECKING:
    from iam.sources.reader import OpenedAccount


class Place(Enum):
    """What is known about an account: read, in the organization but not read, outside every known organization, or
    nothing.
    """

    READ = "read"
    UNREAD = "unread"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """An account as it is known without opening it. ``organization`` is known also of an account that was not read,
    where the tree has it; ``why`` is one sentence on why it was not read.
    """

    id: str
    place: Place
    name: str = ""
    organization: Organization | None = None
    why: str = ""
    outside: bool = False

    @property
    def words(self) -> str:
        """``account ci (111122223333)``."""
        return f"account {self.name} ({self.id})" if self.name else f"account {self.id}"


class Accounts(Protocol):
    """Several accounts, each opened when a question needs it. Every method may block."""

    @property
    def ids(self) -> Sequence[str]:
        """The accounts that can be opened."""

    @property
    def tree(self) -> OrganizationTree | None:
        """The organization, or None if it was not read."""

    def tree_of(self, account: str) -> OrganizationTree | None:
        """Return the organization of an account, or `tree` if it is in no organization that was read."""

    @property
    def missing(self) -> Sequence[Standing]:
        """The accounts of the organization that could not be read, each with the reason."""

    def opened(self, account: str) -> OpenedAccount | None:
        """One account; None where it cannot be opened."""

    def standing(self, account: str) -> Standing: ...

    def name_of(self, account: str) -> str:
        """The account's name, or ""."""

    def owner_of(self, arn: str) -> str | None:
        """The account of a resource: that of its ARN, else the one account that has the resource; None where none that
        was read has it.
        """

    def claimed_by(self, arn: str) -> Sequence[str]:
        """Return the accounts that list a resource whose ARN has no account. With several, the owner is unknown."""

    def holders_of(self, role: str) -> Sequence[str]:
        """The accounts that have a role of that name."""

    def holder_of_id(self, unique_id: str) -> str | None:
        """The account that has the role or user of a unique ID (``AROA…``), None where none that was read has it."""

    def trusting(self, account: str) -> Sequence[str]:
        """The other accounts at hand whose roles may let in principals of an account; some may not."""

    def endpoint_account(self, endpoint: str) -> str | None:
        """The account that has a VPC endpoint."""

    def called(self, word: str) -> Sequence[str]:
        """The accounts with that number, name or alias."""

    @property
    def at_hand(self) -> Sequence[str]:
        """The accounts that can be opened without calling AWS."""

    def renew(self, opened: OpenedAccount) -> OpenedAccount:
        """Store a newer state of an account, and return it within its organization."""


class OneAccount:
    """A single account as the smallest case of several."""

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
    """Whether the account has the role or user of a unique ID."""
    return unique_id in unique_ids(account)


def unique_ids(account: Account) -> Iterable[str]:
    """The unique IDs of an account's roles and users."""
    return [id for id in (*(role.id for role in account.roles), *(user.id for user in account.users or ())) if id]
