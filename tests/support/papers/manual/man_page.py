"""The man page, in the macros of man(7), out of the command line itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.support.papers.manual.arguments import Argument, CommandUsage, program
from tui import __version__

_FILES = (
    ("$XDG_CONFIG_HOME/rolescope/config.toml", "the configuration; rolescope config writes a commented one"),
    ("$XDG_CONFIG_HOME/rolescope/accepted.toml", "accepted findings of the review"),
    ("$XDG_STATE_HOME/rolescope/", "the log, and the journal of changes"),
    ("$XDG_CACHE_HOME/rolescope/", "what AWS's actions are, to be had sooner; may be deleted"),
    ("~/.aws/config, ~/.aws/credentials", "profiles and credentials, as the AWS CLI reads them"),
)
_ENVIRONMENT = (
    ("AWS_PROFILE, AWS_REGION, AWS_ACCESS_KEY_ID …", "as the AWS CLI takes them"),
    ("NO_COLOR", "no colours"),
    ("COLORTERM, TERM", "how many colours the terminal has"),
    ("VISUAL, EDITOR", "opens documents"),
)
_STATUS = (
    ("0", "answered: a denial that was explained is an answer"),
    ("1", "cause not found, a check found an error, or a plan did not reach its end"),
    ("2", "wrong usage, or unreadable input"),
    ("3", "the account could not be read"),
)
_EXAMPLES = (
    ("rolescope --demo", "the terminal UI on the embedded demo account"),
    ('rolescope diagnose "$(cat error.txt)"', "explain a failure"),
    ("rolescope who-can s3:GetObject arn:aws:s3:::bucket/key", "who may do something, and which statement allows it"),
    ("rolescope history web-frontend-ec2 --blame", "which change added each statement"),
    ("rolescope review --fail-on high", "a gate for a pipeline"),
    ("rolescope create spec.json --as terraform", "a new role, declared"),
)


def man_page() -> str:
    return "\n".join(_lines(program())) + "\n"


def _lines(tool: CommandUsage) -> Iterator[str]:
    yield f'.TH ROLESCOPE 1 "" "rolescope {__version__}" "User Commands"'
    yield ".SH NAME"
    yield escaped("rolescope - explore an AWS account's IAM roles, explain denials, create and change roles safely")
    yield ".SH SYNOPSIS"
    yield from (".B rolescope", "[" + escaped("OPTION…") + "]", ".br", ".B rolescope", escaped("COMMAND [OPTION…]"))
    yield ".SH DESCRIPTION"
    yield escaped(f"{tool.description} Without a command, the terminal UI opens; there ? tells the keys.")
    yield ".SH OPTIONS"
    yield from _arguments(each for each in tool.arguments if each.words != "COMMAND")
    yield ".SS Which account"
    yield escaped("These go with every command that reads an account, before or after its name.")
    yield from _arguments(tool.account)
    yield ".SH COMMANDS"
    for command in tool.commands:
        yield from _command(command)
    yield from _section("EXIT STATUS", _STATUS)
    yield from _section("ENVIRONMENT", _ENVIRONMENT)
    yield from _section("FILES", _FILES)
    yield from _section("EXAMPLES", _EXAMPLES)
    yield ".SH SEE ALSO"
    yield ".BR aws (1)"


def _command(command: CommandUsage) -> Iterator[str]:
    yield f".SS {escaped(command.name)}"
    yield escaped(command.description or f"{command.help[:1].upper()}{command.help[1:]}.")
    yield from (".P", ".EX", escaped(command.usage), ".EE")
    yield from _arguments(command.arguments)
    for inside in command.commands:
        yield from (".TP", f".B {escaped(inside.name)}", escaped(_with_operands(inside)))
    if command.epilog:
        yield from (".P", escaped(command.epilog))


def _with_operands(command: CommandUsage) -> str:
    operands = " ".join(each.words for each in command.arguments if each.group == "positional arguments")
    return f"{operands}: {command.help}" if operands else command.help


def _arguments(arguments: Iterator[Argument] | tuple[Argument, ...]) -> Iterator[str]:
    for each in arguments:
        yield from (".TP", f".B {escaped(each.words)}", escaped(each.help) or r"\&")


def _section(title: str, rows: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield f".SH {title}"
    for name, meaning in rows:
        yield from (".TP", f".B {escaped(name)}", escaped(meaning))


def escaped(text: str) -> str:
    """Text that groff prints as it is: no request at a line's begin, hyphens that can be copied, quotes that stay."""
    text = " ".join(text.split())
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace("`", r"\(ga")
    text = text.replace("^", r"\(ha").replace("~", r"\(ti").replace("…", r"\[u2026]").replace("→", r"\(->")
    text = text.replace('"', r"\(dq")
    return re.sub(r"^([.'])", r"\\&\1", text)
