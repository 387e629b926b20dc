"""``rolescope use ROLE``: list every way to assume a role, with the result of evaluating it, or create a session.

Sessions are not written to disk. Exit status: 0 the role can be used, or this is uncertain; 1 using it was denied or
would be; 2 the input cannot be used; 3 there are no credentials, or an MFA code is needed and nobody can enter it. With
``--exec``, it is the command's exit status.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import replace

from diagnostics.json_versions import versioned
from diagnostics.use.across import UseError, ways_across
from diagnostics.use.chain import session_side, shortest_chain
from diagnostics.use.own_session import with_own_session
from diagnostics.use.report import across_json, across_text, as_json, as_text, sessions_json, sessions_text
from diagnostics.use.sessions import seen_sessions
from diagnostics.use.side import calling_side
from diagnostics.use.way import RoleWays, SessionValues
from iam.account import Account, Role
from iam.changes.in_use import role_use
from iam.credentials.profiles import profiles_using
from iam.foreign_text import json_text, visible
from iam.organization.accounts import Accounts, OneAccount
from iam.questions.index import AccountIndex, index_of
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from tui.commands.given import read_context
from tui.commands.use.role import break_glass, find_role, own_role, ways_of
from tui.commands.use.session import run_session
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError
from tui.open_account import chosen_account, open_account, open_accounts

MODES = ("exec", "export", "credential_process", "console", "profile_snippet")
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)


def run(options: argparse.Namespace) -> int:
    entered = session_values(options)
    if sum(bool(getattr(options, mode)) for mode in MODES) + options.json > 1:
        raise UsageError("Choose one of --exec, --export, --credential-process, --console, --profile-snippet, --json.")
    if any(getattr(options, mode) for mode in MODES):
        return run_session(options, entered)
    if options.from_principal:
        return _from_principal(options, entered)
    account, reader = open_account(options)
    if options.sessions:
        return _print_sessions(options, account, reader)
    found = all_ways(options, entered, account, reader)
    if options.json:
        print(json_text(versioned("use", as_json(found))))
    else:
        for line in as_text(found):
            print(visible(line))
    return CANNOT_TELL if found.refused else ANSWERED


def _from_principal(options: argparse.Namespace, entered: SessionValues) -> int:
    """Return the ways for the named principal, over all accounts of a folder. Raises `UsageError`."""
    if options.via or options.sessions:
        raise UsageError("--from cannot be used with --via or --sessions.")
    several = open_accounts(options)
    role = options.use_role
    if several is not None and options.account and not role.startswith("arn:"):
        opened = chosen_account(options, several)
        role = own_role(role, opened.account, opened.reader).arn
    accounts: Accounts = several or OneAccount(OpenedAccount(*open_account(options)))
    try:
        across = ways_across(role, options.from_principal, accounts, entered, break_glass())
    except UseError as error:
        raise UsageError(str(error)) from None
    if options.json:
        print(json_text(versioned("use", across_json(across))))
    else:
        for line in across_text(across):
            print(visible(line))
    return CANNOT_TELL if across.found.refused else ANSWERED


def _print_sessions(options: argparse.Namespace, account: Account, reader: AccountReader) -> int:
    role = own_role(options.use_role, account, reader)
    sessions, use, profiles = seen_sessions(role, reader), role_use(role, account, reader), profiles_using(role)
    if options.json:
        print(json_text(versioned("sessions", sessions_json(role, sessions, use, profiles, account.now))))
    else:
        for line in sessions_text(role, sessions, use, profiles, account.now):
            print(visible(line))
    return ANSWERED if sessions.value is not None else CANNOT_TELL


def session_values(options: argparse.Namespace) -> SessionValues:
    """Return the request's values that the options give.

    Raises `UsageError` for values that STS rejects (STS API Reference, "AssumeRole").
    """
    if options.session_name and not _SESSION_NAME.fullmatch(options.session_name):
        raise UsageError("--session-name takes 2 to 64 letters, digits and +=,.@_-")
    if options.source_identity and not _SESSION_NAME.fullmatch(options.source_identity):
        raise UsageError("--source-identity takes 2 to 64 letters, digits and +=,.@_-")
    if options.external_id and not _EXTERNAL_ID.fullmatch(options.external_id):
        raise UsageError("--external-id takes 2 to 1224 letters, digits and +=,.@:/_-")
    if options.duration is not None and not 900 <= options.duration <= 43200:
        raise UsageError("--duration takes seconds, from 900 (15 minutes) to 43200 (12 hours).")
    tags: dict[str, str] = {}
    for pair in options.tag:
        key, separator, value = pair.partition("=")
        if not separator or not key:
            raise UsageError(f"--tag takes KEY=VALUE, such as project=ferry, not {pair!r}.")
        tags[key] = value
    return SessionValues(
        options.external_id or "",
        options.mfa_serial or "",
        options.mfa_code or "",
        options.session_name or "",
        tuple(tags.items()),
        options.source_identity or "",
        options.duration,
        options.reason or "",
        read_context(options.context),
    )


def all_ways(options: argparse.Namespace, entered: SessionValues, account: Account, reader: AccountReader) -> RoleWays:
    """Return the ways to assume the role; with ``--via``, only those from the last role in that option.

    If the caller has no way, a chain of roles is included. Raises `UsageError` if the role does not exist.
    """
    side = calling_side(account, reader)
    if options.my_session_policy and side is not None:
        side, said = with_own_session(side, reader)
        print(visible(said), file=sys.stderr)
    index: AccountIndex | None = None
    for name in options.via:
        index = index or index_of(account, reader)
        side = session_side(own_role(name, account, reader), (side.session_name if side else "rolescope"), index)
    role = find_role(options.use_role, account, reader)
    found = ways_of(role, side, account, entered)
    if found.may_have_chain and side is not None and isinstance(role, Role):
        index = index or index_of(account, reader)
        found = replace(found, chain=shortest_chain(role, side, index, entered, break_glass=break_glass()))
    return found
