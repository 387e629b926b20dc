"""The accounts in a folder. Each is read from its file when needed, and only a few are kept in memory."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from iam.account import Account
from iam.arn import Arn, account_of
from iam.organization.accounts import Standing, has_principal_id, unique_ids
from iam.organization.levels import Organization
from iam.organization.place import Place
from iam.organization.tree import OrganizationTree
from iam.policy.trusted_principals import ANYONE
from iam.protocols import Protocol
from iam.sources.organization.format import FILE, read_tree
from iam.sources.organization.lookups import FolderLookups, Named, stamp_of
from iam.sources.reader.opened import OpenedAccount
from iam.sources.resource_policies import policy_holder
from iam.sources.snapshot.contents import Contents
from iam.sources.snapshot.read import load
from iam.sources.snapshot.reader import SnapshotReader
from iam.sources.source_error import SourceError
from iam.words import plural

MOST_OPENED = 32
"""The maximum number of accounts that are kept in memory."""
_NUMBER = re.compile(r"\d{12}")
_ACCOUNT_ID = re.compile(rb'"Account"\s*:\s*\{[^{}]*?"Id"\s*:\s*"(\d{12})"')
_OF_A_SNAPSHOT = (b'"RoleDetailList"', b'"UserDetailList"', b'"GroupDetailList"', b'"Policies"', b'"Rolescope"')


class SavedAccount(Protocol):
    """An account in a folder, before it is read."""

    @property
    def place(self) -> str:
        """The file or folder that contains the account."""

    @property
    def file(self) -> Path | None:
        """The file that contains the account, or None if the account is spread over several files."""

    def load(self) -> Contents:
        """Read the account. Raises `SourceError`."""

    def may_contain(self, name: str) -> bool:
        """Whether the account may have a resource or role with this name. False only if it certainly has none."""


@dataclass(frozen=True, slots=True)
class AccountFile:
    """An account in a snapshot file. Implements `SavedAccount`."""

    path: Path

    @property
    def place(self) -> str:
        return str(self.path)

    @property
    def file(self) -> Path | None:
        return self.path

    def load(self) -> Contents:
        return load(self.path, roles_later=True)

    def may_contain(self, name: str) -> bool:
        try:
            raw = self.path.read_bytes()
        except OSError:
            return True
        # JSON may escape a slash and any other character.
        return name.encode() in raw or b"\\/" in raw or b"\\u" in raw or raw[:1] not in (b"{", b" ", b"\n")


def open_folder(path: str | Path) -> FolderAccounts:
    """Open the accounts in a folder. Raises `SourceError` if it contains none, or two files for the same account."""
    folder = Path(path)
    from iam.sources.organization.collected import collected_partition, open_collected

    if (collected := collected_partition(folder)) is not None:
        return open_collected(collected)
    try:
        files = sorted(
            each
            for place in (folder, folder / "accounts")
            if place.is_dir()
            for each in place.glob("*.json")
            if each.name != FILE and each.is_file()
        )
    except OSError as error:
        raise SourceError(f"{folder} cannot be read: {error.strerror or error}.") from error
    tree = read_tree(folder / FILE) if (folder / FILE).exists() else None
    saved: dict[str, SavedAccount] = {}
    skipped: list[str] = []
    lookups = FolderLookups(folder)
    for file in files:
        account, stamp = lookups.account_of(file), stamp_of(file)
        if account is None:
            account = _account_in(file, skipped)
            if account is None:
                continue
            lookups.learn_account(file, stamp, account)
        if account in saved:
            raise SourceError(
                f"{saved[account].place} and {file} both belong to account {account}: keep one of the two in {folder}."
            )
        saved[account] = AccountFile(file)
    if not saved and tree is None:
        said = f" ({skipped[0]})" if skipped else ""
        raise SourceError(
            f"{folder} has no saved account{said}: make one with `rolescope snapshot FOLDER --accounts all`."
        )
    return FolderAccounts(str(folder), tree, saved, tuple(skipped), lookups=lookups)


def _account_in(file: Path, skipped: list[str]) -> str | None:
    """Return the account of a file, or None if it is not a snapshot, which is added to ``skipped``.

    Raises `SourceError`.
    """
    try:
        raw = file.read_bytes()
    except OSError as error:
        skipped.append(f"{file} cannot be read: {error.strerror or error}.")
        return None
    if raw[:1] == b"{" and not any(key in raw for key in _OF_A_SNAPSHOT):
        return None
    at = raw.rfind(b'"Rolescope"')
    if at >= 0 and raw.count(b'"Rolescope"') == 1 and (found := _ACCOUNT_ID.search(raw, at)):
        return found[1].decode()
    try:
        account = load(file, roles_later=True).account
    except SourceError as error:
        skipped.append(str(error))
        return None
    if not _NUMBER.fullmatch(account.id):
        raise SourceError(
            f"{file} does not say which account it belongs to: put the account ID into Rolescope.Account.Id, or move "
            "the file out of this folder."
        )
    return account.id


class FolderAccounts:
    """The accounts in a folder. Implements `iam.organization.accounts.Accounts`."""

    def __init__(
        self,
        place: str,
        tree: OrganizationTree | None,
        saved: Mapping[str, SavedAccount],
        skipped: tuple[str, ...] = (),
        others: tuple[OrganizationTree, ...] = (),
        lookups: FolderLookups | None = None,
    ) -> None:
        self.place = place
        self.others = others
        """Other organizations whose accounts are in the folder."""
        self.tree = tree
        self.skipped = skipped
        """The parts of the folder that could not be read, one sentence each."""
        self.opened_count = 0
        """The number of times that a file was opened."""
        self.learn: Callable[[Account], object] = lambda account: None
        """A function that is called with each account that is opened."""
        self._saved = saved
        self._lookups = lookups
        self._kept: OrderedDict[str, OpenedAccount] = OrderedDict()
        self._claims: dict[str, tuple[str, ...]] = {}
        self._holders: dict[str, tuple[str, ...]] = {}
        self._broken: dict[str, str] = {}
        self._lock = threading.RLock()

    @cached_property
    def ids(self) -> Sequence[str]:
        return tuple(sorted(self._saved))

    def tree_of(self, account: str) -> OrganizationTree | None:
        """See `iam.organization.accounts.Accounts`."""
        return next((each for each in self.others if each.member(account) is not None), self.tree)

    @property
    def missing(self) -> Sequence[Standing]:
        members = self.tree.members if self.tree is not None else None
        for id in self.tree.unread if self.tree is not None else ():
            self.opened(id)  # the account's file may be older than the denied attempt
        missing = [each.id for each in members or () if each.id not in self._saved or each.id in self._broken]
        unlisted = [] if self.tree is None else [id for id in self.tree.unread if id not in missing]
        return tuple(self.standing(id) for id in dict.fromkeys((*missing, *unlisted)) if id not in self._readable)

    @property
    def _readable(self) -> frozenset[str]:
        return frozenset(self._saved) - set(self._broken)

    def opened(self, account: str) -> OpenedAccount | None:
        with self._lock:
            if account in self._kept:
                self._kept.move_to_end(account)
                return self._kept[account]
            saved = self._saved.get(account)
            if saved is None or account in self._broken:
                return None
            stamp = stamp_of(saved.file) if saved.file is not None else None
            try:
                contents = saved.load()
            except SourceError as error:
                self._broken[account] = str(error)
                return None
            if (old := self._refused_since(contents.account)) is not None:
                self._broken[account] = old
                return None
            if contents.account.id != account:
                self._broken[account] = f"{saved.place} belongs to account {contents.account.id}, not to {account}."
                return None
            self.opened_count += 1
            if self._lookups is not None and saved.file is not None:
                self._lookups.learn(saved.file, stamp, contents)
            self.learn(contents.account)
            contents = placed(contents, self.tree_of(account))
            reader = SnapshotReader(contents)
            reader.neighbours = self
            found = OpenedAccount(contents.account, reader, self)
            self._kept[account] = found
            while len(self._kept) > MOST_OPENED:
                self._kept.popitem(last=False)
            return found

    def _refused_since(self, account: Account) -> str | None:
        """Return a sentence if the account's file is older than a denied attempt to read the account; else None."""
        tree = self.tree
        if tree is None or account.id not in tree.unread:
            return None
        saved, at = account.captured_at, tree.captured_at
        if saved is not None and at is not None and saved >= at:
            return None  # the account has been read since then
        since = f"of {saved:%Y-%m-%d}" if saved is not None else "without a date"
        if saved is not None and at is not None:
            since += f" ({plural((at - saved).days, 'day')} older than this folder)"
        return (
            f"The last reading of the account was refused, and the account's file {since} is not used: "
            f"{tree.unread[account.id]}"
        )

    def standing(self, account: str) -> Standing:
        name = self.name_of(account)
        of_tree = self.tree.organization_of(account) if self.tree is not None else None
        found = self.opened(account)
        if found is not None:
            own = found.account
            return Standing(account, Place.READ, name or own.alias or "", own.organization, outside=self._outside(own))
        if of_tree is not None or (self.tree is not None and account in self.tree.unread) or account in self._broken:
            said = self.tree.unread.get(account, "") if self.tree is not None else ""
            why = self._broken.get(account) or said or f"{self.place} has no file of this account."
            return Standing(account, Place.UNREAD, name, of_tree, why)
        if self.tree is not None and self.tree.complete:
            return Standing(account, Place.OUTSIDE, name, outside=True)
        return Standing(account, Place.UNKNOWN, name)

    def _outside(self, account: Account) -> bool:
        """Return whether the account may belong to an organization, but to none that was read."""
        unlisted = self.tree is not None and self.tree.complete and self.tree.member(account.id) is None
        return unlisted and account.organization is None and account.in_organization is not False

    def name_of(self, account: str) -> str:
        member = self.tree.member(account) if self.tree is not None else None
        if member is not None and member.name:
            return member.name
        with self._lock:
            kept = self._kept.get(account)
        return (kept.account.alias or "") if kept is not None else ""

    def owner_of(self, arn: str) -> str | None:
        """See `iam.organization.accounts.Accounts`. If two accounts list the resource, its owner is unknown."""
        if (number := account_of(arn)) is not None:
            return number
        having = self.claimed_by(arn)
        return having[0] if len(having) == 1 else None

    def claimed_by(self, arn: str) -> Sequence[str]:
        """See `iam.organization.accounts.Accounts`."""
        if Arn.parse(arn) is None:
            return ()
        holder = policy_holder(arn)
        if holder not in self._claims:
            name = holder.rpartition(":")[2]
            having = self._with(Named.RESOURCE, name, arn, holder)
            self._claims[holder] = tuple(each.account.id for each in having if _has(each, arn, holder))
        return self._claims[holder]

    @property
    def at_hand(self) -> Sequence[str]:
        """See `iam.organization.accounts.Accounts`."""
        return self.ids

    def renew(self, opened: OpenedAccount) -> OpenedAccount:
        """See `iam.organization.accounts.Accounts`.

        The account is returned unchanged: its file contains the same data.
        """
        return opened

    def holders_of(self, role: str) -> Sequence[str]:
        if role not in self._holders:
            found = (opened.account for opened in self._with(Named.ROLE, role))
            self._holders[role] = tuple(account.id for account in found if account.role(role) is not None)
        return self._holders[role]

    def holder_of_id(self, unique_id: str) -> str | None:
        """See `iam.organization.accounts.Accounts`."""
        having = self._with(Named.ID, unique_id)
        return next((each.account.id for each in having if has_principal_id(each.account, unique_id)), None)

    def trusting(self, account: str) -> Sequence[str]:
        """See `iam.organization.accounts.Accounts`."""
        named = (ANYONE, account, *self._ids_of(account))
        return tuple(id for id in self._may_have(Named.TRUSTED, named, "") if id != account)

    def _ids_of(self, account: str) -> Iterator[str]:
        if (opened := self.opened(account)) is not None:
            yield from unique_ids(opened.account)

    def _with(self, kind: Named, name: str, *others: str) -> Iterator[OpenedAccount]:
        """Yield the opened accounts that may have something called ``name``, or one of ``others``.

        Each of ``others`` contains ``name``.
        """
        for id in self._may_have(kind, (name, *others), name):
            if (opened := self.opened(id)) is not None:
                yield opened

    def _may_have(self, kind: Named, names: Sequence[str], part: str) -> Iterator[str]:
        """Yield the accounts that may have something of this kind with one of the names.

        Accounts without look-ups are searched for ``part``, a text that all of the names contain; "" for none.
        """
        lookups = self._lookups
        having = lookups.having(kind, names) if lookups is not None else frozenset()
        for id in self.ids:
            file = self._saved[id].file
            named = lookups is not None and file is not None and lookups.has_names_of(file)
            if file in having if named else self._saved[id].may_contain(part):
                yield id

    def endpoint_account(self, endpoint: str) -> str | None:
        """See `iam.organization.accounts.Accounts`."""
        for opened in self._with(Named.ENDPOINT, endpoint):
            if any(each.id == endpoint for each in opened.reader.vpc_endpoints("").value or ()):
                return opened.account.id
        return None

    def called(self, word: str) -> tuple[str, ...]:
        """Return the accounts with this ID, name or alias. Aliases are searched only if no name matches."""
        if word in self._saved or (self.tree is not None and self.tree.member(word) is not None):
            return (word,)
        members = (self.tree.members if self.tree is not None else None) or ()
        named = tuple(each.id for each in members if each.name and each.name.lower() == word.lower())
        aliases = (opened.account for opened in self._with(Named.ALIAS, word.lower()))
        return named or tuple(each.id for each in aliases if (each.alias or "").lower() == word.lower())


def _has(opened: OpenedAccount, arn: str, holder: str) -> bool:
    if not isinstance(opened.reader, SnapshotReader):
        return False
    contents, name = opened.reader.snapshot, holder.rpartition(":")[2]
    policies, blocks = contents.resource_policies or {}, contents.public_access_blocks or {}
    return arn in policies or holder in policies or (":s3:" in holder and name in blocks)


def placed(contents: Contents, tree: OrganizationTree | None) -> Contents:
    """Return the contents with the account's organization added.

    Data about the organization in the account's own file takes precedence; if it is about the same organization, the
    tree fills in the missing parts.
    """
    account = contents.account
    of_tree = tree.organization_of(account.id) if tree is not None else None
    if of_tree is None:
        return contents
    if contents.organization_known:
        own = account.organization
        if own is None or (own.id and own.id != of_tree.id):
            return contents
        of_tree = _filled(own, of_tree)
    account = replace(account, organization=of_tree, in_organization=True)
    return replace(contents, account=account, organization_known=True)


def _filled(own: Organization, of_tree: Organization) -> Organization:
    return Organization(
        own.id or of_tree.id,
        own.management_account_id or of_tree.management_account_id,
        own.path if own.path is not None else of_tree.path,
        own.scps if own.scps is not None else of_tree.scps,
        own.rcps if own.rcps is not None else of_tree.rcps,
    )
