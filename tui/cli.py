"""The command line. Only what the given command needs is imported: ``--help`` loads neither Textual nor boto3."""

from __future__ import annotations

import argparse
import errno
import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from iam.own_command import use_account_options
from tui import __version__
from tui.account_choice import account_words, contradiction
from tui.exit_status import ANSWERED, WRONG_USAGE, UsageError, end_at_once, ended_by
from tui.status_line import StatusLine

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in ``argv`` and return its exit status.

    Without ``argv``, run the command in the process's arguments and end the process with the exit status.
    """
    if argv is not None:
        return _main(argv)
    status = _main(sys.argv[1:])
    end_at_once(status)
    return status


def _main(argv: Sequence[str]) -> int:
    # Where the caller closed them, what is said goes nowhere.
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # as long as the process
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # what the terminal's encoding lacks is no reason to fail
    given, to_run = _apart(argv)
    asked_by_shell = "_ARGCOMPLETE" in os.environ  # what could be typed next
    parser = build_parser(None if asked_by_shell else given)
    if asked_by_shell:
        import argcomplete

        from tui.role_names import complete_names

        complete_names(parser)
        argcomplete.autocomplete(parser)
    arguments = parser.parse_args(given)
    if to_run is not None:
        if not to_run:
            parser.error("--exec takes a command: --exec -- aws s3 ls")
        arguments.to_run = to_run
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output (head, less) went away: that is its right, not an error.
        sys.stderr.close()
        return ANSWERED
    except OSError as error:
        if error.errno not in DISK_FULL:
            return ended_by(error)
        print(f"The output cannot be written: {error.strerror}.", file=sys.stderr)
        # Or what is left of it would be tried again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WRONG_USAGE
    except Exception as error:
        return ended_by(error)


def _run(arguments: argparse.Namespace) -> int:
    if trouble := contradiction(arguments):
        raise UsageError(trouble)
    use_account_options(*account_words(arguments))
    if arguments.log is not None:
        from tui.log import log_to_file

        try:
            log_to_file(Path(arguments.log))
        except OSError as error:
            raise UsageError(f"{arguments.log} cannot be written: {error.strerror or error}.") from error
    command = importlib.import_module(arguments.module)
    if arguments.module == "tui.start":
        return int(command.run(arguments))
    with _masking(arguments), StatusLine(sys.stderr, quiet=arguments.quiet) as arguments.status:
        status = int(command.run(arguments))
    sys.stdout.flush()
    return status


def _masking(arguments: argparse.Namespace) -> AbstractContextManager[None]:
    """Mask standard output if requested. ``arguments.masks`` learns what to mask."""
    if not (getattr(arguments, "mask_accounts", False) or getattr(arguments, "mask_names", False)):
        return nullcontext()
    from diagnostics.masking.masks import Masks
    from tui.masked_output import masked_output

    arguments.masks = Masks(names=arguments.mask_names)
    return masked_output(arguments.masks)


def _apart(given: Sequence[str]) -> tuple[Sequence[str], list[str] | None]:
    """Return the arguments, and separately the command after ``--exec``, whose options argparse would parse too."""
    if "use" not in given or "--exec" not in given:
        return given, None
    at = given.index("--exec")
    words = list(given[at + 1 :])
    return given[: at + 1], words[1:] if words[:1] == ["--"] else words


CHECK_HELP = "print only what the checks find; exit status 1 if AWS would reject it, or if it is unusable or dangerous"
FAIL_ON_HELP = (
    "if a finding is at least this severe, carry out nothing and exit with status 1: rejected and dangerous are "
    "critical, unusable is high, worth knowing is medium"
)
SEVERITIES = ("critical", "high", "medium", "low", "info")
EXPORTS = ("cli", "terraform", "cloudformation")
DEPTHS = ("browse", "diagnose", "review", "use", "create", "change", "trail")  # of `iam.sources.aws.read_calls`
ADOPTIONS = (
    *("terraform", "cloudformation", "cdk", "sam", "pulumi"),
    *("eksctl", "serverless", "ansible", "crossplane", "ack"),
)


class AsWord(argparse.Action):
    """The option ``--as`` of ``create``: the plan's output format, or the name of a demo user."""

    forms: tuple[str, ...] = EXPORTS

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        setattr(namespace, "export" if values in self.forms else "as_user", values)


class SpecWord(AsWord):
    """The option ``--as`` of a ``create`` that can also print the spec file."""

    forms = (*EXPORTS, "file")


class AdoptWord(AsWord):
    """The option ``--as`` of ``adopt``: the tool that adopts the role, or the name of a demo user."""

    forms = ADOPTIONS


def account_options(default: str | None, *, user: bool = True, by_account: bool = True) -> argparse.ArgumentParser:
    """Return a parent parser with the options that select the account.

    The options are accepted after a command's name too, and must not reset values given before it: commands pass
    ``argparse.SUPPRESS`` as default. ``user``: include the demo's ``--as NAME``. ``by_account``: include ``--account``.
    """
    parser = argparse.ArgumentParser(formatter_class=_help_formatter, add_help=False, argument_default=default)
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
            "--account", metavar="ID-or-NAME", help="with a folder: the account in which the answer starts"
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


def masking_options() -> argparse.ArgumentParser:
    """Return a parent parser with the options that mask the output, so that it can be sent to others."""
    parser = argparse.ArgumentParser(formatter_class=_help_formatter, add_help=False)
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


def accounts_options() -> argparse.ArgumentParser:
    """Return a parent parser with the options that select several accounts."""
    parser = argparse.ArgumentParser(formatter_class=_help_formatter, add_help=False)
    group = parser.add_argument_group("of several accounts")
    group.add_argument(
        "--accounts",
        nargs="+",
        action="extend",
        default=[],
        metavar="WORD",
        help="numbers, names or patterns (prod-*), or all; !WORD excludes; without --snapshot they are read live",
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


def shard_options() -> argparse.ArgumentParser:
    """Return a parent parser with the option that divides the work among several machines."""
    parser = argparse.ArgumentParser(formatter_class=_help_formatter, add_help=False)
    parser.add_argument(
        "--shard",
        type=_shard,
        metavar="I/N",
        help="use only this part of the accounts; rolescope merge joins the parts",
    )
    return parser


def _jobs(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError("takes a number of processes, from 1 to 256.")
    return int(text)


def _shard(text: str) -> tuple[int, int]:
    from tui.commands.shards import shard_of

    return shard_of(text)


def mfa_code(text: str) -> str:
    """Return the value of ``--mfa-code`` if it has six digits. Raises argparse's error otherwise."""
    from iam.credentials.assume_request import is_mfa_code

    if not is_mfa_code(text):
        raise argparse.ArgumentTypeError("takes the six digits that the device shows now.")
    return text


def _help_formatter(prog: str) -> argparse.HelpFormatter:
    """Return argparse's formatter, with the same width.

    Argparse creates a formatter for each argument and would import `shutil` for the width, which takes as long as
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


class _Commands:
    """Adds commands like the result of ``add_subparsers``, but creates arguments only for the commands in ``given``.

    If ``given`` is None, the arguments of all commands are created, which takes as long as a short answer.
    """

    def __init__(self, commands: Any, given: Sequence[str] | None) -> None:
        self._commands = commands
        self._given = given

    def add_parser(self, name: str, *, parents: Sequence[Options] = (), **options: Any) -> Any:
        if self._given is None or name in self._given:
            shared = [make() for make in parents]
            return self._commands.add_parser(name, parents=shared, formatter_class=_help_formatter, **options)
        self._commands.add_parser(name, formatter_class=_help_formatter, help=options["help"], add_help=False)
        return _NotGiven()


GROUPS: dict[str, tuple[str, ...]] = {
    "explain": ("diagnose", "history", "evaluate"),
    "read": ("roles", "role", "who-can", "review", "use", "diff", "snapshot"),
    "change": ("create", "adopt", "change", "what-if", "right-size"),
    "in pipelines": ("lint", "check", "test", "plan-review", "merge", "schema"),
    "set up": ("permissions", "config", "completion", "info", "serve", "mcp"),
}
"""The commands, grouped and ordered as in ``--help``."""

EXAMPLES = """\
examples:
  rolescope --demo                       the demo account, without credentials
  rolescope diagnose - < error.txt       why a request was denied (also: --offline)
  rolescope who-can s3:GetObject arn:aws:s3:::b/key
  rolescope --snapshot details.json      a saved get-account-authorization-details
  rolescope permissions diagnose         the policy that rolescope needs
  rolescope COMMAND --help               the options of a command

"""


class _Program(argparse.ArgumentParser):
    """The program's own parser, whose help lists the commands by purpose."""

    def format_help(self) -> str:
        commands = next(each for each in self._actions if isinstance(each, argparse._SubParsersAction))
        listed = {each.dest: each for each in commands._get_subactions()}
        grouped = {name for names in GROUPS.values() for name in names}
        groups = {**GROUPS, "others": tuple(name for name in listed if name not in grouped)}
        formatter = self._get_formatter()
        formatter.add_text(self.description)
        for title, names in groups.items():
            formatter.start_section(title)
            formatter.add_arguments([listed[name] for name in names if name in listed])
            formatter.end_section()
        after = self._get_formatter()
        for group in self._action_groups:
            after.start_section(group.title)
            after.add_arguments([each for each in group._group_actions if each is not commands])
            after.end_section()
        after.add_text(self.epilog)
        usage = "usage: rolescope [OPTION …] [COMMAND …]\n\n"
        return usage + formatter.format_help() + "\n" + EXAMPLES + after.format_help()


class _NotGiven:
    """Replaces the parser of a command that was not given: every method does nothing."""

    def __getattr__(self, name: str) -> Callable[..., _NotGiven]:
        return lambda *_, **__: self


def build_parser(given: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """Return the parser for the command line ``given``, without the arguments of other commands.

    If ``given`` is None, the arguments of all commands are included.
    """
    account, masking = cache(lambda: account_options(argparse.SUPPRESS)), cache(masking_options)
    several, sharded = cache(accounts_options), cache(shard_options)
    numbered = cache(lambda: account_options(argparse.SUPPRESS, by_account=False))  # with an --account of their own
    own_as = cache(lambda: account_options(argparse.SUPPRESS, user=False))  # for commands whose --as means two things
    parser = _Program(
        prog="rolescope",
        formatter_class=_help_formatter,
        parents=[account_options(None), accounts_options()],
        description="Explore an AWS account's IAM roles; explain AccessDenied and EntityAlreadyExists.",
        epilog=(
            "Without a command, the terminal UI opens. Exit status: 0 answered, 1 cause not found, 2 wrong usage "
            "or unreadable input, 3 the account could not be read."
        ),
    )
    parser.add_argument("--version", action="version", version=f"rolescope {__version__}")
    parser.add_argument("--write", action="store_true", help="allow changes to an account that is not the demo")
    parser.add_argument("--no-mouse", action="store_true", help="let the terminal handle the mouse")
    parser.add_argument("--role", metavar="NAME", help="start with this role open")
    parser.add_argument("--filter", metavar="WORDS", help="start with this filter on the list of roles")
    parser.set_defaults(module="tui.start")

    inside = parser.add_subparsers(
        title="commands", metavar="COMMAND", prog=parser.prog, parser_class=argparse.ArgumentParser
    )
    commands = _Commands(inside, given)

    diagnose = commands.add_parser("diagnose", parents=[account, masking], help="explain one failure")
    diagnose.add_argument(
        "text",
        nargs="?",
        default="-",
        help="the pasted text, or a file that contains it; - or nothing reads standard input",
    )
    diagnose.add_argument(
        "--follow", action="store_true", help="keep reading, and answer each new failure as it arrives"
    )
    diagnose.add_argument("--offline", action="store_true", help="read only the text, no account")
    diagnose.add_argument(
        "--recent",
        nargs="?",
        const="",
        metavar="ROLE",
        help="instead, list CloudTrail's latest denials for the account or for ROLE",
    )
    diagnose.add_argument(
        "--organization",
        action="store_true",
        help="with --recent and --athena or --lake: denials in every account that the trail covers",
    )
    diagnose.add_argument(
        "--trail",
        action="append",
        default=[],
        metavar="PATH",
        help="a trail's file, or a folder of them: search it for the change that broke the request",
    )
    _add_query(diagnose, "with --recent, the denials; otherwise the change that broke the request: ", days=7)
    diagnose.add_argument("--context", action="append", default=[], metavar="KEY=VALUE", help="a condition key's value")
    diagnose.add_argument("--json", action="store_true", help="one JSON document")
    diagnose.add_argument("--markdown", action="store_true", help="print Markdown, to keep or to send")
    diagnose.add_argument(
        "--case", metavar="FILE", help="also save the request and the policies that decide it for rolescope evaluate"
    )
    diagnose.add_argument(
        "--role", metavar="NAME", default=argparse.SUPPRESS, help="the role to diagnose, if the text names none"
    )
    diagnose.set_defaults(module="tui.commands.diagnose.texts")

    evaluate = commands.add_parser("evaluate", help="evaluate requests against policies, one JSON object per line")
    evaluate.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="JSON lines; - or nothing: standard input"
    )
    evaluate.set_defaults(module="tui.commands.evaluate")

    merge = commands.add_parser(
        "merge",
        help="join the outputs for several parts of the accounts",
        description=(
            "Join what review, who-can or what-if printed with --json and --shard I/N, one FILE per part. The "
            "result is the output for all accounts. Exit status: 0 joined, 2 a part is missing or given twice."
        ),
    )
    merge.add_argument(
        "files", nargs="+", metavar="FILE", help="the output of review, who-can or what-if with --shard I/N"
    )
    merge.set_defaults(module="tui.commands.merge")

    who_can = commands.add_parser(
        "who-can", parents=[account, several, sharded, masking], help="every principal that may do something, and why"
    )
    who_can.add_argument(
        "action",
        metavar="ACTION",
        help="such as s3:GetObject, s3:Get* or *; or from, followed by a role or user, for what it can reach",
    )
    who_can.add_argument(
        "resource", nargs="?", default="*", metavar="RESOURCE", help="an ARN; without one: any resource"
    )
    who_can.add_argument("--context", action="append", default=[], metavar="KEY=VALUE", help="a condition key's value")
    who_can.add_argument(
        "--hops", action="store_true", help="also list who may assume those roles, over any number of hops"
    )
    who_can.add_argument(
        "--ways",
        action="store_true",
        help="also list who may change those roles and users, pass the roles to a service, or run code as them",
    )
    who_can.add_argument(
        "--format",
        choices=("text", "json", "jsonl", "mermaid", "dot", "svg"),
        default="text",
        help="jsonl: one principal per line; the last three also draw the hops",
    )
    who_can.add_argument("--json", action="store_true", help="short for --format json")
    who_can.set_defaults(module="tui.commands.who_can")

    _add_history(commands, account, masking)

    review = commands.add_parser(
        "review", parents=[account, several, sharded, masking], help="the least-privilege findings of the account"
    )
    review.add_argument(
        "--rule", action="append", default=[], metavar="ID", help="only this rule, or this topic (trust)"
    )
    review.add_argument("--role", metavar="NAME", default=argparse.SUPPRESS, help="only this role or user")
    review.add_argument(
        "--accept",
        metavar="FILE",
        help="the file of accepted findings (default: accepted.toml next to the configuration)",
    )
    review.add_argument("--fail-on", choices=SEVERITIES, help="exit status 1 if a finding is at least this severe")
    review.add_argument(
        "--trail",
        action="append",
        default=[],
        metavar="PATH",
        help=(
            "a trail's file, or a folder of them: report access that its changes opened (default: changes found "
            "earlier)"
        ),
    )
    review.add_argument(
        "--jobs", type=_jobs, default=1, metavar="N", help="with a folder: review the accounts in N processes"
    )
    review.add_argument("--no-workloads", action="store_true", help="do not read what runs as the roles")
    review.add_argument(
        "--every-region",
        action="store_true",
        help="read what runs as the roles in every enabled Region (default: in the Region in use)",
    )
    review.add_argument(
        "--format",
        choices=("text", "json", "jsonl", "markdown", "csv", "sarif", "mermaid", "dot", "svg"),
        default="text",
        help="jsonl: one finding per line; the last three draw the escalation paths",
    )
    review.add_argument("--json", action="store_true", help="short for --format json")
    review.set_defaults(module="tui.commands.review")

    _add_use(commands, account)

    right_size = commands.add_parser(
        "right-size",
        parents=[account, masking],
        help="reduce a role's policies to what it used, and replay its recorded calls",
    )
    right_size.add_argument("right_size_role", metavar="ROLE", help="a role's name, ARN or unique ID")
    right_size.add_argument(
        "--trail",
        action="append",
        default=[],
        metavar="PATH",
        help="a trail's file, or a folder of them (default: CloudTrail's event history)",
    )
    _add_query(right_size)
    right_size.add_argument("--strict", action="store_true", help="also remove actions whose use is unknown")
    right_size.add_argument("--no-trail", action="store_true", help="use only IAM's last accessed information")
    right_size.add_argument(
        "--events", type=int, default=20_000, metavar="N", help="how many events of the event history to read (20000)"
    )
    right_size.add_argument(
        "--watch",
        type=_watch_time,
        metavar="TIME",
        help="carry out the plan, watch the event history for TIME (30m, 8h, 7d), and allow again what is denied",
    )
    right_size.add_argument(
        "--write", action="store_true", default=argparse.SUPPRESS, help="with --watch: allow changes to the account"
    )
    right_size.add_argument("--confirm", metavar="NAME", help="with --watch: the name that the plan asks you to type")
    right_size.add_argument("--json", action="store_true", help="one JSON document")
    right_size.set_defaults(module="tui.commands.right_size", check=False, fail_on=None)

    lint = commands.add_parser("lint", help="check policy documents; findings have the codes of IAM Access Analyzer")
    lint.add_argument("files", nargs="+", metavar="FILE", help="a policy document; - reads standard input")
    lint.add_argument(
        "--kind",
        choices=("identity", "trust", "boundary", "scp", "rcp", "resource"),
        help="what the documents are for (default: inferred from their form if that is clear)",
    )
    lint.add_argument(
        "--format",
        choices=("text", "json", "sarif", "github"),
        default="text",
        help="github: annotations for a workflow",
    )
    lint.add_argument("--json", action="store_true", help="short for --format json")
    lint.set_defaults(module="tui.commands.lint")

    check = commands.add_parser(
        "check",
        help="check whether policies grant access that they should not: new, listed or public",
        description=(
            "Check the access that policy documents grant, with an allowed request as an example: no-new-access "
            "OLD NEW, access-not-granted POLICY, no-public-access POLICY. Exit status: 0 no such access, 1 such "
            "access or undecided, 2 wrong usage."
        ),
    )
    check.add_argument("check", choices=("no-new-access", "access-not-granted", "no-public-access"), metavar="CHECK")
    check.add_argument("documents", nargs="+", metavar="FILE", help="a policy document; - reads standard input")
    check.add_argument("--actions", nargs="+", default=[], metavar="A", help="such as iam:PassRole or s3:*")
    check.add_argument("--resources", nargs="+", default=[], metavar="R", help="ARNs, wildcards allowed")
    check.add_argument(
        "--resource", metavar="ARN", help="the resource that the policy belongs to (default: any that it names)"
    )
    check.add_argument(
        "--kind",
        choices=("identity", "resource", "trust"),
        help="what the documents are for (default: inferred from their form if that is clear)",
    )
    check.add_argument("--json", action="store_true", help="one JSON document")
    check.set_defaults(module="tui.commands.check")

    diff = commands.add_parser(
        "diff",
        parents=[account, masking],
        help="compare two snapshots, or a snapshot and the account: what changed, and for whom",
    )
    diff.add_argument("before", metavar="A", help="a snapshot")
    diff.add_argument("after", nargs="?", metavar="B", help="a later snapshot (default: the account)")
    diff.add_argument("--fail-on", choices=SEVERITIES, help="exit status 1 if a new finding is at least this severe")
    diff.add_argument("--json", action="store_true", help="one JSON document")
    diff.set_defaults(module="tui.commands.diff")

    what_if = commands.add_parser(
        "what-if",
        parents=[account, several, sharded, masking],
        help="who gains or loses access if a policy is added, changed or removed",
    )
    what_if.add_argument(
        "--policy",
        metavar="FILE|ARN",
        help=(
            "the policy; - reads standard input; the ARN of a managed policy attaches it; with --remove, the "
            "name or ARN of the policy to remove (without --policy, --remove deletes the role, user or group)"
        ),
    )
    what_if.add_argument(
        "--at",
        metavar="ARN|TARGET",
        help=(
            "the ARN of a policy, role, user or group (role/PATH/*: all roles under a path); or a root, OU or "
            "account of the organization"
        ),
    )
    what_if.add_argument("--remove", action="store_true", help="remove the policy")
    what_if.add_argument(
        "--move", metavar="ACCOUNT", help="with --to and a folder: move this account to another organizational unit"
    )
    what_if.add_argument(
        "--to", metavar="UNIT", help="the organizational unit (or root) that --move moves the account to"
    )
    what_if.add_argument(
        "--kind",
        choices=("identity", "trust", "boundary", "scp", "rcp"),
        help="the kind of policy (default: inferred from its form if that is clear)",
    )
    what_if.add_argument(
        "--trail",
        action="append",
        default=[],
        metavar="PATH",
        help="a trail's file, or a folder of them: report which recorded calls by roles would have been denied",
    )
    _add_query(what_if)
    what_if.add_argument("--json", action="store_true", help="one JSON document")
    what_if.set_defaults(module="tui.commands.what_if")

    snapshot = commands.add_parser(
        "snapshot", parents=[account, several], help="save the account to a file, or several to a folder"
    )
    snapshot.add_argument(
        "file",
        metavar="FILE|FOLDER",
        help="the file, written completely or not at all, with mode 0600; with --accounts, a folder",
    )
    snapshot.add_argument(
        "--full",
        action="store_true",
        help="with --accounts: also events, stacks, workloads, Access Analyzer and last access, which take most calls",
    )
    snapshot.add_argument("--json", action="store_true", help="print what was saved as one JSON document")
    snapshot.set_defaults(module="tui.commands.snapshot")

    create = commands.add_parser(
        "create",
        parents=[own_as],
        help="plan a role from a spec, and create it on request",
        description=(
            "Check and print the plan for the role that SPEC describes, or for the differences if the role "
            "exists. With --apply, carry out the plan."
        ),
        epilog=(
            "--spec-help lists the fields of SPEC; --example KIND prints a SPEC to start from. --as cli, --as "
            "terraform and --as cloudformation choose how the plan is printed. With --demo, any other NAME after "
            "--as is the user who makes the calls; --as may be given twice."
        ),
    )
    create.add_argument("spec", nargs="?", metavar="SPEC", help="a JSON file; - reads standard input")
    create.add_argument(
        "--as",
        dest="as_words",
        action=SpecWord,
        metavar="cli|terraform|cloudformation|file|NAME",
        help=(
            "print the plan in this form, or SPEC itself completed from the account; or, with --demo, call as this user"
        ),
    )
    create.add_argument("--spec-help", action="store_true", help="print the fields that a SPEC may have")
    create.add_argument("--example", metavar="KIND", help="print a SPEC to start from: ec2, lambda, ecs, eks, github …")
    create.add_argument("--json", action="store_true", help="one JSON document: plan, findings, outcomes")
    create.add_argument("--check", action="store_true", help=CHECK_HELP)
    create.add_argument("--fail-on", choices=SEVERITIES, help=FAIL_ON_HELP)
    create.add_argument(
        "--apply", action="store_true", help="carry out the plan (also needs --write, except in the demo)"
    )
    create.add_argument("--write", action="store_true", default=argparse.SUPPRESS, help="allow changes to the account")
    create.add_argument("--confirm", metavar="NAME", help="with --apply: the name that the plan asks you to type")
    again = create.add_mutually_exclusive_group()
    again.add_argument("--resume", metavar="ID", help="resume a plan that stopped in the middle")
    again.add_argument("--roll-back", metavar="ID", help="undo what a plan did")
    create.set_defaults(module="tui.commands.plans.create", export=None)

    adopt = commands.add_parser(
        "adopt",
        parents=[own_as],
        help="put an existing role under the management of another tool, such as Terraform",
        description=(
            "Print what another tool needs to manage ROLE, with its inline policies, attachments and instance "
            "profiles, without changing it. That is Terraform's import blocks and resources, a CloudFormation or "
            "SAM template with the import command, a CDK construct, Pulumi's import lines, a configuration for "
            "eksctl or the Serverless Framework, Ansible's tasks, or a resource that Crossplane or ACK adopts."
        ),
    )
    adopt.add_argument("adopt_role", metavar="ROLE", help="a role's name or ARN")
    adopt.add_argument(
        "--as",
        dest="as_words",
        action=AdoptWord,
        metavar="TOOL|NAME",
        help=f"the tool: {', '.join(ADOPTIONS)} (terraform); or, with --demo, call as this user",
    )
    adopt.add_argument(
        "--logical-id", metavar="NAME", help="the tool's name for the role: an address, a logical ID, an object's name"
    )
    adopt.set_defaults(module="tui.commands.plans.adopt", export="terraform")

    _add_change(commands, own_as, given)

    _add_reading(commands, account, several, masking)

    _add_pipelines(commands, account, numbered, masking)

    info = commands.add_parser("info", parents=[account], help="show versions, paths, the account and the caller")
    info.add_argument("--json", action="store_true", help="one JSON document")
    info.set_defaults(module="tui.commands.info")

    _add_permissions(commands, numbered)

    serve = commands.add_parser(
        "serve",
        parents=[account],
        help="serve the terminal UI to a browser, read-only by default (needs the extra serve)",
        description=(
            "Serve the terminal UI to browsers with textual-serve. The command prints an address that contains a "
            "token; anyone who has the address uses this machine's credentials."
        ),
    )
    serve.add_argument("--host", default="localhost", help="the host to listen on (localhost)")
    serve.add_argument("--port", type=int, default=8000, help="the port to listen on (8000)")
    serve.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="another host name under which the server is reached, such as a proxy's (repeatable)",
    )
    serve.add_argument(
        "--sessions", type=int, default=8, metavar="N", help="how many sessions may be open at the same time (8)"
    )
    serve.add_argument("--write", action="store_true", default=argparse.SUPPRESS, help="allow changes to the account")
    serve.set_defaults(module="tui.commands.serve")

    mcp = commands.add_parser(
        "mcp",
        parents=[account],
        help="read-only tools for coding assistants, over standard input and output (needs the extra mcp)",
        description="Serve read-only tools over the Model Context Protocol: explain_denial, who_can, can, role, "
        "review, what_if, history and plan_change. No call that changes the account can be made. Account numbers and "
        "names are masked.",
    )
    mcp.add_argument("--unmasked", action="store_true", help="do not mask account numbers and names")
    mcp.add_argument(
        "--trail", action="append", default=[], metavar="PATH", help="a trail's file, or a folder of them, for history"
    )
    mcp.set_defaults(module="tui.commands.mcp")

    schema = commands.add_parser("schema", help="print the JSON Schema of a command's --json output")
    schema.add_argument(
        "output", nargs="?", metavar="NAME", help="such as diagnose or review; without NAME, list the names"
    )
    schema.set_defaults(module="tui.commands.schema")

    config = commands.add_parser("config", help="write a commented configuration file, or print where it is")
    config.set_defaults(module="tui.commands.config")

    completion = commands.add_parser("completion", help="print the script for completion in a shell")
    completion.add_argument("shell", choices=("bash", "zsh", "fish"))
    completion.set_defaults(module="tui.commands.completion")
    return parser


def _add_query(parser: argparse.ArgumentParser, where: str = "", days: int = 90) -> None:
    parser.add_argument(
        "--athena",
        nargs="?",
        const="",
        metavar="TABLE",
        help=f"{where}query a trail in place, with Athena (database.table; found if there is only one)",
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
        help="the profile for the account that has the trail, if that is another account",
    )
    parser.add_argument(
        "--run-query", action="store_true", help="run the query without asking; it is still shown with its cost"
    )
    parser.add_argument("--days", type=int, default=days, metavar="N", help=f"how many days to look back ({days})")


def _add_history(commands: _Commands, account: Options, masking: Options) -> None:
    history = commands.add_parser(
        "history", parents=[account, masking], help="show recorded changes, who made them, or a past state"
    )
    history.add_argument(
        "target", nargs="?", metavar="TARGET", help="a role, user or group by name, a policy or resource by ARN"
    )
    history.add_argument("--since", metavar="DATE", help="a date, or an age such as 30d (90d)")
    history.add_argument(
        "--trail",
        action="append",
        default=[],
        metavar="PATH",
        help="a trail's file, or a folder of them (default: CloudTrail's event history)",
    )
    _add_query(history)
    history.add_argument("--snapshots", metavar="FOLDER", help="dated snapshots of the account, to compare")
    history.add_argument("--blame", action="store_true", help="show each statement with the change that added it")
    history.add_argument("--as-of", metavar="TIME", help="show the role as it was at this time")
    history.add_argument("--by", default="", metavar="WHO", help="only changes of this person or role")
    history.add_argument("--via", default="", metavar="TOOL", help="only changes by this tool, such as terraform")
    history.add_argument("--kind", default="", metavar="EVENT", help="only this call, or part of its name")
    history.add_argument(
        "--effect", default="", metavar="ACTION", help="only changes that granted or removed this action"
    )
    history.add_argument("--widened", action="store_true", help="only changes that granted something")
    history.add_argument("--failed", action="store_true", help="also list calls that failed")
    history.add_argument("--no-cache", action="store_true", help="neither save events on disk nor use saved ones")
    history.add_argument("--format", choices=("text", "json", "markdown", "csv"), default="text")
    history.add_argument("--json", action="store_true", help="short for --format json")
    history.set_defaults(module="tui.commands.history")


def _add_reading(commands: _Commands, account: Options, several: Options, masking: Options) -> None:
    roles = commands.add_parser(
        "roles", parents=[account, several, masking], help="list roles, filtered as on the screen"
    )
    roles.add_argument(
        "words", nargs="*", metavar="WORD", help="such as lambda, trust:lambda, tag:team=ferry, unused:90d, action:s3:*"
    )
    roles.add_argument(
        "--format",
        choices=("text", "json", "jsonl", "markdown", "csv"),
        default="text",
        help="jsonl: one role per line",
    )
    roles.add_argument("--json", action="store_true", help="short for --format json")
    roles.set_defaults(module="tui.commands.roles")

    role = commands.add_parser("role", parents=[account, masking], help="show everything about one role, as Markdown")
    role.add_argument("role_name", metavar="NAME", help="a role's name or ARN")
    role.add_argument("--json", action="store_true", help="one JSON document")
    role.set_defaults(module="tui.commands.role")


def _add_pipelines(commands: _Commands, account: Options, numbered: Options, masking: Options) -> None:
    """Add the commands for pipelines."""
    test = commands.add_parser(
        "test",
        parents=[account, masking],
        help="run policy tests: who must be allowed or denied what",
        description="Evaluate the policy tests of each FILE (YAML or JSON). Exit status: 0 all pass, 1 a test fails or "
        "depends on an unknown value, 2 a file is wrong, 3 the account could not be read.",
    )
    test.add_argument("files", nargs="*", metavar="FILE", help="policy tests; - reads standard input")
    test.add_argument(
        "--init",
        action="store_true",
        help="propose tests from what roles used, and write them to FILE or standard output",
    )
    test.add_argument(
        "--check", action="store_true", help="only read the test files: read no account, evaluate no test"
    )
    test.add_argument(
        "--skip-unread",
        action="store_true",
        help="evaluate as if a layer that could not be read did not exist; otherwise such a test is unknown",
    )
    test.add_argument(
        "--after",
        metavar="FILE",
        help="test the account as it is after a change: a rolescope plan, or a file for plan-review",
    )
    test.add_argument("--format", choices=("text", "json", "junit"), default="text")
    test.add_argument("--json", action="store_true", help="short for --format json")
    test.set_defaults(module="tui.commands.test")

    plan_review = commands.add_parser(
        "plan-review",
        parents=[numbered, masking],
        help="review a change before it is merged: who gains and loses access, and which findings are new",
        description=(
            "Apply FILE to the account in memory and review what it changes. FILE is the output of terraform "
            "show -json or pulumi preview --json, a CloudFormation template or change set, or a CDK assembly "
            "(cdk.out). Exit status 1: an external principal gains access, a policy test does not pass, AWS "
            "would reject a policy, or a new finding is as severe as --fail-on."
        ),
    )
    plan_review.add_argument("file", metavar="FILE", help="the plan, template, change set, assembly or preview")
    plan_review.add_argument(
        "--fail-on",
        choices=SEVERITIES,
        default="high",
        help="exit status 1 if a new finding is at least this severe (high)",
    )
    plan_review.add_argument(
        "--tests",
        action="append",
        default=[],
        metavar="FILE",
        help="policy tests to run on the account after the change",
    )
    plan_review.add_argument(
        "--accept",
        metavar="FILE",
        help="the file of accepted findings (.rolescope/accepted.toml), each with an owner and a date",
    )
    plan_review.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="the value of a template's parameter; other parameters are unknown",
    )
    plan_review.add_argument(
        "--source",
        default=".",
        metavar="FOLDER",
        help="the folder of the .tf files, for the line numbers of annotations (.)",
    )
    plan_review.add_argument(
        "--offline",
        action="store_true",
        help="read no account; use only what the file says about the state before the change",
    )
    plan_review.add_argument("--account", metavar="NUMBER", help="with --offline: the account's number")
    plan_review.add_argument(
        "--format",
        choices=("text", "json", "markdown", "sarif", "github"),
        default="text",
        help="github: annotations for a workflow",
    )
    plan_review.add_argument("--json", action="store_true", help="short for --format json")
    plan_review.set_defaults(module="tui.commands.plan_review")


def _add_permissions(commands: _Commands, account: Options) -> None:
    permissions = commands.add_parser(
        "permissions",
        parents=[account],
        help="print the least-privilege policy that rolescope itself needs",
        description="Print the IAM policy that rolescope needs for one purpose (DEPTH). Without DEPTH, list the "
        "purposes.",
    )
    permissions.add_argument("depth", nargs="?", metavar="DEPTH", choices=DEPTHS, help=", ".join(DEPTHS))
    permissions.add_argument("--account", metavar="NUMBER", help="the account (default: the caller's)")
    permissions.add_argument("--partition", choices=("aws", "aws-cn", "aws-us-gov"), help="the account's partition")
    permissions.add_argument(
        "--roles",
        metavar="PATTERN",
        default="*",
        help="allow changing and assuming only these roles: path and name, teams/web/*",
    )
    permissions.add_argument(
        "--buckets", metavar="PATTERN", help="with trail: the buckets of trails and of Athena's results"
    )
    permissions.add_argument("--only", action="store_true", help="leave out the depths that this one builds on")
    permissions.add_argument("--format", choices=("json", "terraform"), default="json")
    permissions.set_defaults(module="tui.commands.permissions")


def _change_options(parser: argparse.ArgumentParser) -> None:
    """Add the options accepted before and after the words of the change, without resetting values given there."""
    absent = argparse.SUPPRESS
    parser.add_argument(
        "--also",
        action="append",
        default=absent,
        metavar="ROLE",
        help="also change this role, in the same plan (repeatable)",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        default=absent,
        help="one JSON document: effects, calls, who uses it, outcomes",
    )
    parser.add_argument(
        "--as",
        dest="as_words",
        action=AsWord,
        default=absent,
        metavar="cli|terraform|cloudformation|NAME",
        help="print the plan in this form; or, with --demo, call as this user",
    )
    parser.add_argument("--check", action="store_true", default=absent, help=CHECK_HELP)
    parser.add_argument("--fail-on", choices=SEVERITIES, default=absent, help=FAIL_ON_HELP)
    parser.add_argument(
        "--apply",
        action="store_true",
        default=absent,
        help="carry out the plan (also needs --write, except in the demo)",
    )
    parser.add_argument("--write", action="store_true", default=absent, help="allow changes to the account")
    parser.add_argument(
        "--confirm",
        default=absent,
        metavar="NAME",
        help="with --apply: the name that the plan asks you to type",
    )
    parser.add_argument(
        "--keep-within",
        type=_duration,
        default=absent,
        metavar="TIME",
        help="with --apply: wait, and undo the change after TIME (90s, 10m, 1h) unless --keep ID keeps it",
    )
    parser.add_argument(
        "--undo-profile",
        default=absent,
        metavar="NAME",
        help="with --keep-within: the profile whose credentials undo the change, if yours could not",
    )


def _watch_time(text: str) -> timedelta:
    from tui.commands.plans.watched import watch_time

    try:
        return watch_time(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _duration(text: str) -> timedelta:
    from tui.commands.plans.timed import duration

    try:
        return duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _add_change(commands: _Commands, own_as: Options, given: Sequence[str] | None) -> None:
    """Add ``change`` with a subcommand for each change of `diagnostics.plans.role_change` and a few more."""
    change = commands.add_parser(
        "change",
        parents=[own_as],
        help="plan a change of an existing role: who gains and loses access; carried out on request",
        description=(
            "Print the plan for a change of ROLE: first who gains and who loses which access, then who uses the "
            "role, then the calls with their undo. With --apply, carry out the plan. If nothing has to change, "
            "the command says so, with exit status 0. POLICY is an ARN, aws:NAME for an AWS managed policy, or "
            "the name of a policy that is attached to the role or managed by the account. FILE is a document; - "
            "reads standard input."
        ),
    )
    change.add_argument("change_role", metavar="ROLE", nargs="?", help="a role's name or ARN")
    change.add_argument("--keep", metavar="ID", help="keep a change that was made with --keep-within")
    _change_options(change)
    change.set_defaults(
        also=[],
        json=False,
        check=False,
        fail_on=None,
        apply=False,
        confirm=None,
        keep_within=None,
        undo_profile=None,
        export=None,
        change=None,
        module="tui.commands.plans.change",
    )
    kinds = _Commands(change.add_subparsers(title="changes", metavar="CHANGE", dest="change", required=False), given)

    def kind(name: str, help: str, *arguments: tuple[str, dict[str, Any]]) -> None:
        parser = kinds.add_parser(
            name,
            parents=[own_as],
            help=help,
            description=f"{help[0].upper()}{help[1:]}.",
        )
        _change_options(parser)
        for argument, given in arguments:
            parser.add_argument(argument, **given)
        parser.set_defaults(module="tui.commands.plans.change")

    policy = ("policy", {"metavar": "POLICY"})
    file = ("file", {"metavar": "FILE"})
    inline = ("name", {"metavar": "NAME"})
    kind("trust", "replace the trust policy", file)
    kind("inline", "add an inline policy, or replace the one with that name", inline, file)
    kind("delete-inline", "delete an inline policy", inline)
    kind("attach", "attach a managed policy", policy)
    kind("detach", "detach a managed policy", policy)
    kind(
        "own-copy",
        "replace an AWS managed policy with a customer managed copy",
        policy,
        ("name", {"metavar": "NAME", "nargs": "?", "default": "", "help": "the copy's name"}),
    )
    kind("boundary", "set the permissions boundary", policy)
    kind("no-boundary", "remove the permissions boundary")
    kind(
        "policy",
        "save a new version of a customer managed policy of the role, for all that it is attached to",
        policy,
        file,
    )
    kind("version", "make another version of such a policy the default", policy, ("version", {"metavar": "vN"}))
    profile = ("name", {"metavar": "NAME", "nargs": "?", "default": "", "help": "an instance profile"})
    way = ("way", {"choices": ("add", "remove"), "help": "add the role (the profile is created), or remove it"})
    kind("profile", "add the role to an instance profile, or remove it", way, profile)
    instance = ("instance", {"metavar": "INSTANCE", "help": "an EC2 instance's ID or ARN"})
    kind("instance", "attach its instance profile to an EC2 instance, replacing any other", instance, profile)
    kind("tag", "add tags", ("tags", {"metavar": "KEY=VALUE", "nargs": "+"}))
    kind("untag", "remove tags", ("tags", {"metavar": "KEY", "nargs": "+"}))
    kind("description", "change the description", ("text", {"metavar": "TEXT"}))
    kind("session", "change the maximum session duration", ("seconds", {"metavar": "SECONDS", "type": int}))
    kind("disable", "deny all access until the role is enabled again")
    kind("enable", "undo what disable did")
    kind("revoke", "deny all access to sessions created until now")
    provider = ("provider", {"metavar": "PROVIDER", "help": "an OIDC provider's ARN or URL"})
    kind("audience", "add an audience to an OIDC provider", provider, ("audience", {"metavar": "AUDIENCE"}))
    kind(
        "provider",
        "create an OIDC provider",
        provider,
        ("audiences", {"metavar": "AUDIENCE", "nargs": "*", "default": ["sts.amazonaws.com"]}),
    )
    kind("copy", "create a new role like it, under another name", ("name", {"metavar": "NAME"}))
    kind("rename", "the same, and documents that name the old role then name both", ("name", {"metavar": "NEW"}))


def _add_use(commands: _Commands, account: Options) -> None:
    use = commands.add_parser(
        "use",
        parents=[account],
        help="show how a role can be used, by whom, and with which command; or start a session",
        description=(
            "Show every way to assume ROLE, evaluated before it is tried. The options for a session start one; "
            "its credentials are not written to any file."
        ),
    )
    use.add_argument("use_role", metavar="ROLE", help="a role's name or ARN")
    use.add_argument("--json", action="store_true", help="one JSON document")
    use.add_argument(
        "--from",
        dest="from_principal",
        metavar="PRINCIPAL",
        help="the ways for this user, role or session, across all accounts of a folder",
    )
    use.add_argument(
        "--my-session-policy", action="store_true", help="ask CloudTrail whether your own session has a session policy"
    )
    use.add_argument(
        "--sessions", action="store_true", help="show who uses the role: its sessions, and what runs as it"
    )
    session = use.add_argument_group("a session of the role")
    session.add_argument(
        "--exec", action="store_true", help="-- COMMAND…: run COMMAND with the session in its environment"
    )
    session.add_argument("--export", action="store_true", help="print the credentials for a shell to evaluate")
    session.add_argument("--shell", choices=("sh", "fish", "powershell", "env"), default="sh", help="which shell")
    session.add_argument(
        "--credential-process",
        action="store_true",
        help="print the output that credential_process in the AWS configuration expects",
    )
    session.add_argument("--console", action="store_true", help="print a link that signs in to the console")
    session.add_argument("--profile-snippet", action="store_true", help="print the lines for ~/.aws/config")
    session.add_argument("--yes-show-secrets", action="store_true", help="print credentials even on a terminal")
    given = use.add_argument_group("values for the call")
    given.add_argument("--external-id", metavar="ID", help="sts:ExternalId")
    given.add_argument("--mfa-serial", metavar="ARN", help="the device for --mfa-code, if it cannot be read")
    given.add_argument("--session-name", metavar="NAME", help="the session's name")
    given.add_argument("--tag", action="append", default=[], metavar="KEY=VALUE", help="a session tag")
    given.add_argument("--source-identity", metavar="NAME", help="the source identity")
    given.add_argument("--reason", metavar="TEXT", help="the reason; becomes the session's name or the source identity")
    given.add_argument("--duration", type=int, metavar="SECONDS", help="how long the session is valid")
    given.add_argument("--via", action="append", default=[], metavar="ROLE", help="assume this role first")
    given.add_argument(
        "--context",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a condition key's value, or a token's claim",
    )
    use.set_defaults(module="tui.commands.use.ways")


if __name__ == "__main__":
    sys.exit(main())
