"""Find the role and the caller, for listing the ways to assume a role and for creating a session."""

from __future__ import annotations

import argparse

from diagnostics.use.side import CallingSide
from diagnostics.use.way import RoleWays, SessionValues
from diagnostics.use.ways import foreign_role_ways, role_ways
from iam.account import Account, Role
from iam.arn import Arn
from iam.break_glass import USUAL
from iam.sources.reader.account_reader import AccountReader
from iam.sources.source_error import SourceError
from tui.configuration import read_configuration
from tui.exit_status import UsageError
from tui.open_account import open_reader
from tui.paths import configuration_path


def ways_of(role: Role | str, side: CallingSide | None, account: Account, entered: SessionValues) -> RoleWays:
    if isinstance(role, Role):
        return role_ways(role, side, account, entered)
    if side is None:
        raise UsageError("The role belongs to another account, and the caller is unknown.")
    return foreign_role_ways(role, side, entered)


def find_role(name: str, account: Account, reader: AccountReader) -> Role | str:
    """Return the role with this name or ARN. If it is in another account, return the ARN itself.

    Raises `UsageError`, `SourceError`.
    """
    arn = Arn.parse_entity(name, "role")
    if arn is not None and arn.account_id != account.id:
        return name
    return own_role(name, account, reader)


def own_role(name: str, account: Account, reader: AccountReader) -> Role:
    """Return a role of this account. Raises `UsageError` if it does not exist, `SourceError` if it cannot be read."""
    known = account.role(name)
    if known is not None and known.trust is not None:
        return known
    arn = Arn.parse_entity(name, "role")
    reading = reader.role(arn.name if arn is not None else name)
    if reading.value is not None and (arn is None or reading.value.arn == name):
        return reading.value
    if known is not None:
        return known
    if reading.unreadable and arn is not None:
        return Role(arn.name, name, arn.path)
    if reading.unreadable:
        raise SourceError(reading.why)
    raise UsageError(f"There is no role {name} in account {account.id}.")


def break_glass() -> str:
    """Return the configured pattern that matches the names of emergency roles."""
    limits = read_configuration(configuration_path()).review
    return limits.break_glass if limits is not None else USUAL


def one_role_account(options: argparse.Namespace) -> tuple[Account, AccountReader]:
    """Return the account after reading only the caller, which is enough to create a session.

    Other data is read when it is needed, because programs that request credentials are waiting. Raises `SourceError`.
    """
    reader = open_reader(options)
    caller = reader.caller()
    if caller.value is None:
        raise SourceError(caller.why or "The caller is unknown.")
    me = caller.value
    region = getattr(reader, "region", None)
    return Account(me.account, reader.kind, reader.clock(), caller_arn=me.arn, region=region), reader
