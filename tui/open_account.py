"""Open the account that the options select."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iam.sources.source_error import SourceError
from iam.words import plural
from tui.account_choice import contradiction, demo_missing
from tui.exit_status import UsageError
from tui.role_names import keep_names

if TYPE_CHECKING:
    from iam.account import Account
    from iam.credentials.live_accounts import LiveAccounts
    from iam.organization.accounts import Accounts
    from iam.sources.aws.mfa import AskCode
    from iam.sources.organization.folder import FolderAccounts
    from iam.sources.reader.account_reader import AccountReader
    from iam.sources.reader.opened import OpenedAccount
    from iam.sources.reader.reading import Reading


def open_reader(
    options: argparse.Namespace, ask_code: AskCode | None = None, *, roles_later: bool = False
) -> AccountReader:
    """Return a reader for the account that the options select. boto3 and moto are imported only if they are needed.

    ``ask_code`` is called for the MFA codes of a profile; without it, ``--mfa-code`` or a prompt at the terminal is
    used. ``roles_later`` is passed to `open_snapshot`.

    Raises `SourceError` if the options contradict each other, the demo is not installed, or nothing can be opened.
    """
    trouble = contradiction(options) or demo_missing(options)
    if trouble:
        raise SourceError(trouble)
    if options.snapshot:
        from iam.sources.snapshot.reader import open_snapshot

        if (accounts := open_accounts(options)) is not None:
            return chosen_account(options, accounts).reader
        return open_snapshot(options.snapshot, roles_later=roles_later)
    if options.demo:
        from iam.demo.open import open_demo

        return open_demo(as_user=options.as_user, region=options.region)
    from iam.sources.aws import http_limits
    from iam.sources.aws.reader import open_aws
    from tui.configuration import ConfigurationError, read_configuration
    from tui.paths import configuration_path

    with suppress(ConfigurationError):  # reported by the code that needs the rest of the configuration
        http_limits.CALL_SECONDS = read_configuration(configuration_path()).call_seconds
    return open_aws(
        profile=options.profile,
        region=options.region,
        endpoint_url=options.endpoint_url,
        ask_code=ask_code or partial(code_of_device, options.mfa_code or ""),
    )


def options_units(options: argparse.Namespace) -> list[str]:
    """Return the values of ``--units``; empty for commands without this option."""
    return getattr(options, "units", None) or []


def _live_accounts(options: argparse.Namespace) -> LiveAccounts:
    """Return the accounts of the organization whose management account or delegated administrator the caller uses."""
    known: LiveAccounts | None = getattr(options, "opened_accounts", None)
    if known is not None:
        return known
    found = options.opened_accounts = open_organization(options, open_reader(options))
    _learn_names(options, found)
    return found


def wants_accounts(options: argparse.Namespace) -> bool:
    """Whether the options request several accounts from AWS or from the demo."""
    return not options.snapshot and bool(getattr(options, "accounts", None) or options_units(options))


def open_organization(options: argparse.Namespace, own: AccountReader) -> LiveAccounts:
    """Return the accounts of the organization that ``own`` may read.

    ``own`` is the management account or a delegated administrator. The sessions in the accounts are not written to
    disk. Raises `SourceError` if the organization cannot be read, `UsageError` if the options exclude every account.
    """
    from iam.credentials.live_accounts import LiveAccounts
    from iam.credentials.reachable import ReachableAccounts
    from iam.sources.aws.organization_tree import read_tree
    from iam.sources.aws.reader import AwsReader

    if own.kind == "demo":
        from iam.demo.open import DemoReader
        from iam.demo.organization import open_demo_accounts

        assert isinstance(own, DemoReader)
        everybody = open_demo_accounts(own)
        return everybody.only(selected_accounts(options, everybody) or everybody.ids)
    if not isinstance(own, AwsReader):
        raise SourceError("A snapshot contains one account: --snapshot FOLDER opens the accounts of an organization.")
    reading, problems = read_tree(own.aws)
    tree = reading.value
    if tree is None or tree.members is None:
        whys = " ".join((reading.why or reading.note, *problems)).strip()
        raise SourceError(f"The accounts of the organization could not be read: {whys}")
    for sentence in problems:
        print(f"Not read: {sentence}", file=sys.stderr)
    reachable = ReachableAccounts(own, getattr(options, "via_role", None) or "")
    everybody = LiveAccounts(tree, [each.id for each in tree.members], reachable)
    return everybody.only(selected_accounts(options, everybody) or everybody.ids)


def _learn_names(options: argparse.Namespace, accounts: FolderAccounts | LiveAccounts) -> None:
    """If masking was requested, mask the names in the accounts that are opened."""
    if masks := getattr(options, "masks", None):
        accounts.learn = masks.learn_account
        if accounts.tree is not None:
            masks.learn_tree(accounts.tree)


def open_accounts(options: argparse.Namespace) -> FolderAccounts | LiveAccounts | None:
    """Return the accounts in the folder of ``--snapshot``, or those that ``--accounts`` or ``--units`` select.

    None if a single account is requested. They are opened once per command. Raises `SourceError` if the folder or the
    organization cannot be read.
    """
    if wants_accounts(options):
        return _live_accounts(options)
    if options.snapshot and Path(options.snapshot).name == "organization.json" and Path(options.snapshot).is_file():
        raise UsageError(
            f"{options.snapshot} contains only the data that the accounts of a folder share. Give the folder: "
            f"--snapshot {shlex.quote(str(Path(options.snapshot).parent))}."
        )
    if not options.snapshot or not Path(options.snapshot).is_dir():
        if options.snapshot and getattr(options, "account", None):
            raise UsageError("--account selects an account from a folder of snapshots, but --snapshot is one file.")
        return None
    known: FolderAccounts | None = getattr(options, "opened_accounts", None)
    if known is None:
        from iam.sources.organization.folder import open_folder

        try:
            known = options.opened_accounts = open_folder(options.snapshot)
        except SourceError as error:
            raise UsageError(str(error)) from error
        _learn_names(options, known)
        for sentence in known.skipped:
            print("Not read: " + "".join(char if char.isprintable() else " " for char in sentence), file=sys.stderr)
    return known


def chosen_account(options: argparse.Namespace, accounts: FolderAccounts | LiveAccounts) -> OpenedAccount:
    """Return the opened account that ``--account`` selects.

    Without the option, it is the only account with the role in question; without a role, it is the only account.

    Raises `UsageError` if there are none or several, `SourceError` if the account could not be read.
    """
    word = getattr(options, "account", None)
    role = next(filter(None, (getattr(options, name, None) for name in _NAMING_A_ROLE)), None)
    found = accounts.called(word) if word else _accounts_of_role(role, accounts) if role else accounts.ids
    if not found and role and not word:
        missing = "" if not accounts.missing else f" {plural(len(accounts.missing), 'account')} could not be read."
        raise UsageError(f"None of the accounts read from {accounts.place} has a role {role}.{missing}")
    if len(found) != 1:
        listed = accounts.ids if word else found
        known = ", ".join(f"{accounts.name_of(id)} {id}".strip() for id in listed[:20])
        if word:
            said = f"{word!r} is {'several accounts' if found else 'no account'} of {accounts.place}"
            raise UsageError(f"{said}. Choose one of its accounts by number: {known}.")
        having = f"accounts with the role {role}" if role else "accounts"
        raise UsageError(f"{accounts.place} has {len(found)} {having}: choose with --account ({known}).")
    opened = accounts.opened(found[0])
    if opened is None:
        standing = accounts.standing(found[0])
        why = standing.why or "the account was not read."
        raise SourceError(f"{standing.words[0].upper()}{standing.words[1:]} could not be read: {why}")
    return opened


_NAMING_A_ROLE = ("role_name", "use_role", "right_size_role", "target")
"""Options whose value is a role, which also determines the account."""


def _accounts_of_role(role: str, accounts: Accounts) -> Sequence[str]:
    """Return the accounts that may contain the role: that of its ARN, or those with a role of this name."""
    from iam.arn import account_of

    number = account_of(role)
    return (number,) if number is not None else accounts.holders_of(role.rpartition("/")[2])


def first_account(accounts: FolderAccounts | LiveAccounts, role: str | None = None) -> str | None:
    """Return the account to show first if none was selected.

    It is an account with ``role``, or else the first that can be opened.
    """
    holders = _accounts_of_role(role, accounts) if role else ()
    return next((id for id in (*holders, *accounts.ids) if accounts.opened(id) is not None), None)


def selected_accounts(options: argparse.Namespace, accounts: Accounts) -> Sequence[str] | None:
    """Return the accounts that ``--accounts`` and ``--units`` select; None if neither is given. Raises `UsageError`."""
    from iam.organization.selection import SelectionError, selected

    if not getattr(options, "accounts", None) and not options_units(options):
        return None
    try:
        found = selected(accounts, options.accounts, options.units)
    except SelectionError as error:
        raise UsageError(str(error)) from None
    if not found:
        given = [name for name, words in (("--accounts", options.accounts), ("--units", options.units)) if words]
        match = "match" if len(given) > 1 else "matches"
        raise UsageError(f"{' and '.join(given)} {match} no account: remove one of the words.")
    return found


def code_of_device(given: str, serial: str) -> str:
    """Return the MFA code given by an option, or else the one typed at the terminal; "" if there is no terminal."""
    if given or not sys.stdin.isatty():
        return given
    try:
        import getpass

        return getpass.getpass(f"MFA code of {serial}: ", stream=sys.stderr).strip()
    except EOFError:
        return ""


_ENTITIES = ("iam:GetAccountAuthorizationDetails", "iam:ListRoles", "iam:ListUsers")


def open_account(options: argparse.Namespace) -> tuple[Account, AccountReader]:
    """Return the account with all its data, for commands that read it once.

    Raises `SourceError` as `open_reader` does.
    """
    reader = open_reader(options, roles_later=True)
    # Each state of the account is more complete than the one before; the last one is used.
    account = next(iter(deque(reader.accounts(), maxlen=1)), None)
    if account is None:
        raise SourceError("The account could not be identified: check your credentials and Region.")
    if masks := getattr(options, "masks", None):
        masks.learn_account(account)
    if getattr(reader, "kind", "") == "aws":
        keep_names(options, account)
    return account, reader


def not_found(what: str, account: Account, hint: str = "") -> Exception:
    """Return the error for an entity, such as ``role 'x'``, that is not in the account.

    It is a `UsageError`, or a `SourceError` if not all entities could be read.
    """
    sentence = f"No {what} was found in the data that was read."
    if not account.incomplete & {"roles", "users"}:
        return UsageError(f"{sentence}{hint}")
    whys = dict.fromkeys(each.why for each in account.unreadable if each.call in _ENTITIES)
    return SourceError(" ".join((sentence, "Not everything could be read:", *whys)))


def say_unread(account: Account, readings: Iterable[Reading[Any]] = (), *, of: str = "") -> None:
    """Print on standard error which data of the account, and which of the ``readings``, could not be read.

    Commands use it if their output has no place for this. ``of`` names the account if it is one of several.
    """
    which = f"{of}: " if of else ""
    said = [f"{each.call}: {each.why} Without it, {each.costs}." for each in account.unreadable]
    said += [f"{each.call}: {each.why or each.note}" for each in readings if each.why or each.note]
    for sentence in dict.fromkeys(said):
        print(f"Not read: {which}" + "".join(char if char.isprintable() else " " for char in sentence), file=sys.stderr)
