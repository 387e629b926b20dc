"""Options that several commands have in common, and their values."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

CHECK_HELP = "print only the findings of the checks; exit status 1 if the result is rejected, unusable or dangerous"
FAIL_ON_HELP = (
    "if a finding is at least this severe, carry out nothing and exit with status 1: rejected and dangerous are "
    "critical, unusable is high, worth knowing is medium"
)
SEVERITIES = ("critical", "high", "medium", "low", "info")


def help_formatter(prog: str) -> argparse.HelpFormatter:
    """Return argparse's formatter with the width that argparse itself would use.

    Argparse creates a formatter for each argument. To find the width, it would import `shutil`, which takes as long as
    creating all arguments.
    """
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
        except (AttributeError, ValueError, OSError):
            columns = 0
    return argparse.HelpFormatter(prog, width=(columns or 80) - 2)


Options = Callable[[], argparse.ArgumentParser]
"""A function that returns a parent parser with options that several commands have in common."""


class Commands:
    """Add commands like the result of ``add_subparsers``, but create arguments only for the commands in ``given``.

    If ``given`` is None, the arguments of all commands are created, which takes as long as a short answer.
    """

    def __init__(self, commands: Any, given: Sequence[str] | None) -> None:
        self._commands = commands
        self._given = given

    def add_parser(self, name: str, *, parents: Sequence[Options] = (), **options: Any) -> Any:
        if self._given is None or name in self._given:
            shared = [make() for make in parents]
            return self._commands.add_parser(name, parents=shared, formatter_class=help_formatter, **options)
        self._commands.add_parser(name, formatter_class=help_formatter, help=options["help"], add_help=False)
        return _NotGiven()

    def inside(self, commands: Any) -> Commands:
        """Return a `Commands` that adds subcommands of a command."""
        return Commands(commands, self._given)


class _NotGiven:
    """The replacement for the parser of a command that was not given. Every method does nothing."""

    def __getattr__(self, name: str) -> Callable[..., _NotGiven]:
        return lambda *_, **__: self


def account_options(default: str | None, *, user: bool = True, by_account: bool = True) -> argparse.ArgumentParser:
    """Return a parent parser with the options that select the account.

    The options are accepted after a command's name too, and must not reset values given before it: commands pass
    ``argparse.SUPPRESS`` as default. ``user``: include the demo's ``--as NAME``. ``by_account``: include ``--account``.
    """
    parser = argparse.ArgumentParser(formatter_class=help_formatter, add_help=False, argument_default=default)
    parser.add_argument(
        "--log", metavar="FILE", help="write every AWS call and every error to this file, without secrets"
    )
    no = False if default is None else default
    parser.add_argument("--quiet", action="store_true", default=no, help="do not show which AWS call is pending")
    source = parser.add_argument_group("which account")
    source.add_argument(
        "--demo",
        action="store_true",
        default=no,
        help="the embedded demo account: no credentials, no network",
    )
    if user:
        source.add_argument(
            "--as", dest="as_user", metavar="NAME", help="with --demo: the user who makes the calls (ben, carla, …)"
        )
    source.add_argument(
        "--snapshot", metavar="FILE", help="a saved account, or a folder with an organization's accounts; no network"
    )
    if by_account:
        source.add_argument(
            "--account", metavar="ID-or-NAME", help="with a folder: the account in which the question is answered first"
        )
    source.add_argument("--profile", metavar="NAME", help="a profile of the AWS configuration")
    source.add_argument("--region", metavar="NAME", help="the region for regional services")
    source.add_argument("--endpoint-url", metavar="URL", help="an endpoint other than AWS's own")
    source.add_argument(
        "--mfa-code",
        metavar="CODE",
        type=mfa_code,
        help="the code that the MFA device shows now, for a profile that requires one",
    )
    return parser


def account() -> argparse.ArgumentParser:
    """The options that select the account, as a command accepts them after its name."""
    return account_options(argparse.SUPPRESS)


def account_without_number() -> argparse.ArgumentParser:
    """The options of `account` without ``--account``, for commands that have their own option of that name."""
    return account_options(argparse.SUPPRESS, by_account=False)


def account_without_user() -> argparse.ArgumentParser:
    """The options of `account` without ``--as``, for commands whose own ``--as`` also accepts a format."""
    return account_options(argparse.SUPPRESS, user=False)


def masking() -> argparse.ArgumentParser:
    """Return a parent parser with the options that mask the output, so that it can be sent to others."""
    parser = argparse.ArgumentParser(formatter_class=help_formatter, add_help=False)
    parser.set_defaults(masks=None)
    sent = parser.add_argument_group("to send to others")
    sent.add_argument(
        "--mask-accounts",
        action="store_true",
        help="mask account numbers, key IDs, external IDs, passwords, tokens, e-mail and public IP addresses",
    )
    sent.add_argument(
        "--mask-names",
        action="store_true",
        help="the same, and also mask names of roles, users, policies, buckets, tables",
    )
    return parser


def several_accounts() -> argparse.ArgumentParser:
    """Return a parent parser with the options that select several accounts."""
    parser = argparse.ArgumentParser(formatter_class=help_formatter, add_help=False)
    group = parser.add_argument_group("of several accounts")
    group.add_argument(
        "--accounts",
        nargs="+",
        action="extend",
        default=[],
        metavar="WORD",
        help="numbers, names or patterns (prod-*), or all; !WORD excludes; without --snapshot, accounts are read live",
    )
    group.add_argument(
        "--units", nargs="+", action="extend", default=[], metavar="WORD", help="the same for organizational units"
    )
    group.add_argument(
        "--via",
        dest="via_role",
        metavar="ROLE",
        help="for live reads: assume the role of this name in each account (default: use the configured profiles)",
    )
    return parser


def shard() -> argparse.ArgumentParser:
    """Return a parent parser with the option that divides the work among several machines."""
    parser = argparse.ArgumentParser(formatter_class=help_formatter, add_help=False)
    parser.add_argument(
        "--shard",
        type=_shard,
        metavar="I/N",
        help="use only this part of the accounts; rolescope merge joins the parts",
    )
    return parser


def _shard(text: str) -> tuple[int, int]:
    from tui.commands.shards import shard_of

    return shard_of(text)


def mfa_code(text: str) -> str:
    """Return the value of ``--mfa-code`` if it has six digits. Raises argparse's error otherwise."""
    from iam.credentials.assume_request import is_mfa_code

    if not is_mfa_code(text):
        raise argparse.ArgumentTypeError("takes the six digits that the device shows now.")
    return text


def add_query(parser: argparse.ArgumentParser, where: str = "", days: int = 90) -> None:
    """Add the options that query a trail in place. ``where`` begins their help."""
    parser.add_argument(
        "--athena",
        nargs="?",
        const="",
        metavar="TABLE",
        help=(
            f"{where}query a trail in place, with Athena (database.table; may be omitted if there is only one table)"
        ),
    )
    parser.add_argument(
        "--lake",
        nargs="?",
        const="",
        metavar="STORE",
        help=f"{where}the same with CloudTrail Lake (an event data store's name, ID or ARN)",
    )
    parser.add_argument(
        "--trail-profile",
        metavar="NAME",
        help="the profile for the account that has the trail, if the trail is in another account",
    )
    parser.add_argument(
        "--run-query", action="store_true", help="run the query without asking; the query and its cost are still shown"
    )
    parser.add_argument("--days", type=int, default=days, metavar="N", help=f"how many days to look back ({days})")
