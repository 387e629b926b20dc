"""Create a role session for ``rolescope use``: for a command, printed for a shell or the SDKs, or as a sign-in link."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from dataclasses import replace
from typing import Any

from diagnostics.use.report import headline
from diagnostics.use.side import CallingSide, calling_side, side_of
from diagnostics.use.way import Method, RoleWays, SessionValues, Way
from iam.account import Account, Role
from iam.break_glass import is_break_glass
from iam.credentials.assume_request import AssumeRequest, is_mfa_code
from iam.credentials.console import ConsoleError, console_link, post_form, refuse_foreign
from iam.credentials.exports import Shell, credential_process, environment, export_lines, variables
from iam.credentials.role_session import RoleSession, assume
from iam.foreign_text import visible
from iam.sources.aws import errors as aws_errors
from iam.sources.reader.account_reader import AccountReader
from iam.sources.source_error import SourceError
from tui.commands.use.role import break_glass, find_role, one_role_account, ways_of
from tui.exit_status import ANSWERED, CommandError, UsageError
from tui.open_account import code_of_device

_ASKING = "ROLESCOPE_ASKING"
"""The environment variable that lists, for child processes, the requests of ``--credential-process`` in progress."""


def run_session(options: argparse.Namespace, entered: SessionValues) -> int:
    """Create a session and use it as the options request. Returns the exit status.

    Raises `CommandError` or `SourceError` if no session can be created.
    """
    if options.snapshot:
        raise UsageError("A snapshot is only a file; to start a session you have to open the account itself.")
    printed = options.export or options.credential_process
    if printed and sys.stdout.isatty() and not options.yes_show_secrets:
        raise UsageError(
            'This would print secret keys on the terminal: redirect the output, as in eval "$(rolescope use ROLE '
            '--export)", or add --yes-show-secrets.'
        )
    if options.credential_process:
        _stop_circle(options)
    account, reader = one_role_account(options)
    if options.profile_snippet:
        return _print_profile(options, entered, account, reader)
    if options.console and reader.kind != "demo":
        try:  # checked before the session, and so its keys, exist
            refuse_foreign(_sts_endpoint(reader))
        except ConsoleError as error:
            raise CommandError(str(error)) from None
    session = _session(options, entered, account, reader)
    return _hand_over(options, session, account, reader)


def _sts_endpoint(reader: AccountReader) -> str:
    """Return the URL of STS, from any place where it is configured."""
    aws: Any = reader.aws  # type: ignore[attr-defined]
    return str(aws.client("sts").meta.endpoint_url)


def _stop_circle(options: argparse.Namespace) -> None:
    """Reject a request that a parent process is already handling.

    Suppose that ``AWS_PROFILE`` names a profile, and its credential_process names no other profile. Each process would
    then start the next one, without end.
    """
    asked, asking = f"{options.use_role} {options.profile or ''}", os.environ.get(_ASKING, "").splitlines()
    if asked in asking:
        raise SourceError(
            "This profile would get its credentials from itself: add --profile SOURCE to its credential_process.",
        )
    os.environ[_ASKING] = "\n".join([*asking, asked])


def _print_profile(options: argparse.Namespace, entered: SessionValues, account: Account, reader: AccountReader) -> int:
    side = calling_side(account, reader)
    way = _open_way(ways_of(find_role(options.use_role, account, reader), side, account, entered))
    if not way.profile:
        raise CommandError("This way to use the role needs a value that cannot be written in the AWS configuration.")
    print(shown_lines(way.profile))
    return ANSWERED


def shown_lines(text: str) -> str:
    return "\n".join(visible(line) for line in text.splitlines())


def _session(
    options: argparse.Namespace, entered: SessionValues, account: Account, reader: AccountReader
) -> RoleSession:
    """Return the requested session.

    With ``--via``, roles are assumed one after another; each step is evaluated first.
    """
    aws: Any = reader.aws  # type: ignore[attr-defined]  # only readers of AWS get here
    side = calling_side(account, reader)
    client = aws.client("sts")
    session: RoleSession | None = None
    names = (*options.via, options.use_role)
    for number, name in enumerate(names, start=1):
        last = number == len(names)
        asked_for = entered if last else SessionValues(mfa_code=entered.mfa_code, mfa_serial=entered.mfa_serial)
        role = find_role(name, account, reader)
        asked = _allowed_request(role, side, account, asked_for)
        arn = role.arn if isinstance(role, Role) else role
        session = _assumed(client, arn, asked, aws.profile)
        if not last:
            client = aws.client_with("sts", session.access_key, session.secret_key, session.token)
            side = side_of(session.arn, account, reader)
            entered = replace(entered, mfa_code="")
    assert session is not None
    return session


def _allowed_request(
    role: Role | str, side: CallingSide | None, account: Account, entered: SessionValues
) -> AssumeRequest:
    """Return the parameters of the call, unless the known policies deny it.

    Asks for an MFA code if there is a terminal.
    """
    entered = _with_reason(role, entered)
    way = _open_way(ways_of(role, side, account, entered))
    if "mfa" in way.hangs_on:
        code = _mfa_code(side)
        way = _open_way(ways_of(role, side, account, replace(entered, mfa_code=code)))
    asked = way.request or AssumeRequest(entered.session_name or (side.session_name if side else "rolescope"))
    if asked.seconds is None and way.seconds < 3600:
        asked = replace(asked, seconds=way.seconds)
    return asked


def _with_reason(role: Role | str, entered: SessionValues) -> SessionValues:
    """Return the request's values with the reason for using an emergency role. Prompts for the reason on a terminal."""
    if entered.reason or isinstance(role, str) or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return entered
    if not is_break_glass(role, break_glass()):
        return entered
    print(f"{visible(role.name)} is a break-glass role. Why do you need it? ", end="", file=sys.stderr, flush=True)
    return replace(entered, reason=sys.stdin.readline().strip())


def _open_way(found: RoleWays) -> Way:
    if found.best is not None:
        return found.best
    mine = next((way for way in found.ways if way.for_me and way.method is Method.ASSUME_ROLE), None)
    if mine is not None and mine.works is None:
        return mine
    raise CommandError(headline(found))


def _mfa_code(side: CallingSide | None) -> str:
    device = next(iter(side.serials or ()), "") if side is not None else ""
    if not device:
        raise SourceError("MFA is required, but your device could not be read: give --mfa-serial ARN.")
    code = code_of_device("", device)
    if not code:
        raise SourceError(f"MFA is required: give the code of {device} with --mfa-code.")
    if not is_mfa_code(code):
        raise UsageError("The MFA code must be six digits.")
    return code


def _assumed(client: Any, role_arn: str, asked: AssumeRequest, profile: str | None) -> RoleSession:
    from iam.sources.aws.session import FAILURES

    try:
        return assume(client, role_arn, asked)
    except FAILURES as error:
        if aws_errors.is_credentials(error):
            raise SourceError(aws_errors.credentials_sentence(error, profile)) from None
        answered = isinstance(getattr(error, "response", None), dict)
        why = aws_errors.why("sts:AssumeRole", error, profile)
        raise (CommandError(why) if answered else SourceError(why)) from None


def _hand_over(options: argparse.Namespace, session: RoleSession, account: Account, reader: AccountReader) -> int:
    aws: Any = reader.aws  # type: ignore[attr-defined]
    if reader.kind == "demo":
        if options.console:
            raise CommandError("The demo account has no console to sign in to.")
        print("The demo account's credentials are valid only in this process.", file=sys.stderr)
    if options.credential_process:
        print(credential_process(session))
        return ANSWERED
    if options.console:
        try:
            print(console_link(session, _sts_endpoint(reader), account.partition, aws.region, post_form))
        except ConsoleError as error:
            raise SourceError(str(error)) from None
        return ANSWERED
    given = variables(session, aws.region, aws.endpoint_url)
    if options.export:
        print(export_lines(given, Shell(options.shell)))
        return ANSWERED
    return _run(options.to_run, environment(given, os.environ))


def _run(command: list[str], variables_: dict[str, str]) -> int:
    """Replace this process with the command: no other process knows the secrets; the exit status is the command's."""
    program = shutil.which(command[0], path=variables_.get("PATH"))
    if program is None:
        raise UsageError(f"There is no command {command[0]}.")
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(program, command, variables_)
