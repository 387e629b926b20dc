"""The parser of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tui import __version__
from tui.arguments import change, explain, pipelines, read, set_up
from tui.arguments.shared import Commands, account_options, help_formatter, several_accounts

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


def build_parser(given: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """Return the parser for the command line ``given``, without the arguments of other commands.

    If ``given`` is None, the arguments of all commands are included.
    """
    parser = _Program(
        prog="rolescope",
        formatter_class=help_formatter,
        parents=[account_options(None), several_accounts()],
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
    commands = Commands(inside, given)
    explain.add_diagnose(commands)
    explain.add_history(commands)
    explain.add_evaluate(commands)
    read.add_roles(commands)
    read.add_role(commands)
    read.add_who_can(commands)
    read.add_review(commands)
    read.add_use(commands)
    read.add_diff(commands)
    read.add_snapshot(commands)
    change.add_create(commands)
    change.add_adopt(commands)
    change.add_change(commands)
    change.add_what_if(commands)
    change.add_right_size(commands)
    pipelines.add_lint(commands)
    pipelines.add_check(commands)
    pipelines.add_test(commands)
    pipelines.add_plan_review(commands)
    pipelines.add_merge(commands)
    pipelines.add_schema(commands)
    set_up.add_permissions(commands)
    set_up.add_config(commands)
    set_up.add_completion(commands)
    set_up.add_info(commands)
    set_up.add_serve(commands)
    set_up.add_mcp(commands)
    return parser
