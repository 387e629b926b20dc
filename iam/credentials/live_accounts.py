"""The accounts of an organization, read from AWS on demand."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from iam.account import Account
from iam.arn import Arn, account_of
from iam.organization.accounts import Standing, has_principal_id
from iam.organization.place import Place
from iam.organization.tree import OrganizationTree
from iam.protocols import Protocol
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.resource_policies import policy_holder
from iam.sources.source_error import SourceError


class Reachable(Protocol):
    """Provides readers for the accounts of an organization."""

    def reader(self, account: str) -> AwsReader:
        """Return a reader for an account. Raises `SourceError` if the account cannot be reached."""


class LiveAccounts:
    """Implements `iam.organization.accounts.Accounts` for AWS. ``wanted`` are the accounts that may be opened."""

    place = "AWS"
    skipped: tuple[str, ...] = ()

    def __init__(self, tree: OrganizationTree | None, wanted: Sequence[str], reachable: Reachable) -> None:
        self.tree = tree
        self.ids: Sequence[str] = tuple(sorted(wanted))
        self.learn: Callable[[Account], object] = lambda account: None
        """A function that is called with each account that is opened."""
        self._reachable = reachable
        self._opened: dict[str, OpenedAccount] = {}
        self._refused: dict[str, str] = {}
        self._claims: dict[str, tuple[str, ...]] = {}
        self._locks = {id: threading.RLock() for id in self.ids}

    def only(self, wanted: Sequence[str]) -> LiveAccounts:
        """Return a copy that is limited to these accounts. None of them is opened yet."""
        return LiveAccounts(self.tree, wanted, self._reachable)

    def tree_of(self, account: str) -> OrganizationTree | None:
        return self.tree

    @property
    def missing(self) -> Sequence[Standing]:
        members = (self.tree.members if self.tree is not None else None) or ()
        wanted = [each.id for each in members if each.id not in self.ids]
        return tuple(self.standing(id) for id in (*wanted, *self._refused))

    @property
    def at_hand(self) -> Sequence[str]:
        """See `iam.organization.accounts.Accounts`."""
        return tuple(id for id in self.ids if id in self._opened)

    def opened(self, account: str) -> OpenedAccount | None:
        if account not in self._locks:
            return None
        with self._locks[account]:
            if account in self._opened or account in self._refused:
                return self._opened.get(account)
            try:
                reader = self._reachable.reader(account)
                # Each state of the account is more complete; the last one is used.
                found = next(iter(deque(reader.accounts(), maxlen=1)), None)
            except SourceError as error:
                self._refused[account] = str(error)
                return None
            if found is None or found.id != account:
                self._refused[account] = "The credentials belong to another account."
                return None
            self.learn(found)
            return self.renew(OpenedAccount(found, reader, self))

    def renew(self, opened: OpenedAccount) -> OpenedAccount:
        """See `iam.organization.accounts.Accounts`."""
        account, reader = opened.account, opened.reader
        of_tree = self.tree.organization_of(account.id) if self.tree is not None else None
        if of_tree is not None:
            account = replace(account, organization=of_tree, in_organization=True)
        if isinstance(reader, AwsReader):
            reader.neighbours = self
        found = OpenedAccount(account, reader, self)
        if account.id in self._locks and account.progress is None:
            self._refused.pop(account.id, None)
            self._opened[account.id] = found
        return found

    def standing(self, account: str) -> Standing:
        of_tree = self.tree.organization_of(account) if self.tree is not None else None
        name = self.name_of(account)
        if account in self.ids and account not in self._refused:
            return Standing(account, Place.READ, name, of_tree, outside=self._outside(account))
        if of_tree is not None or account in self._refused:
            why = self._refused.get(account, "--accounts leaves this account out.")
            return Standing(account, Place.UNREAD, name, of_tree, why, outside=self._outside(account))
        if self._outside(account):
            return Standing(account, Place.OUTSIDE, name, outside=True)
        return Standing(account, Place.UNKNOWN, name)

    def _outside(self, account: str) -> bool:
        """Whether the account is known to be outside the organization."""
        return self.tree is not None and self.tree.complete and self.tree.member(account) is None

    def name_of(self, account: str) -> str:
        member = self.tree.member(account) if self.tree is not None else None
        if member is not None and member.name:
            return member.name
        opened = self._opened.get(account)
        return (opened.account.alias or "") if opened is not None else ""

    def owner_of(self, arn: str) -> str | None:
        if (number := account_of(arn)) is not None:
            return number
        having = self.claimed_by(arn)
        return having[0] if len(having) == 1 else None

    def claimed_by(self, arn: str) -> Sequence[str]:
        """See `iam.organization.accounts.Accounts`."""
        parts = Arn.parse(arn)
        if parts is None or parts.service != "s3":
            return ()
        holder = policy_holder(arn)
        if holder not in self._claims:
            self._claims[holder] = tuple(each.account.id for each in self._each() if self._has_bucket(each, holder))
        return self._claims[holder]

    def _has_bucket(self, opened: OpenedAccount, holder: str) -> bool:
        return holder in (opened.reader.listed_resources("s3", "").value or ())

    def _each(self) -> Iterator[OpenedAccount]:
        for id in self.ids:
            if (opened := self.opened(id)) is not None:
                yield opened

    def holders_of(self, role: str) -> Sequence[str]:
        return [each.account.id for each in self._each() if each.account.role(role) is not None]

    def holder_of_id(self, unique_id: str) -> str | None:
        return next((each.account.id for each in self._each() if has_principal_id(each.account, unique_id)), None)

    def trusting(self, account: str) -> Sequence[str]:
        """See `iam.organization.accounts.Accounts`."""
        return [id for id in self.at_hand if id != account]

    def endpoint_account(self, endpoint: str) -> str | None:
        for opened in self._each():
            if any(each.id == endpoint for each in opened.reader.vpc_endpoints("").value or ()):
                return opened.account.id
        return None

    def called(self, word: str) -> Sequence[str]:
        if word in self.ids:
            return (word,)
        return [id for id in self.ids if self.name_of(id).lower() == word.lower()]
