"""The command line as a tree of values, out of argparse's parsers."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from tui.arguments.parser import build_parser

ACCOUNT_GROUP = "which account"


@dataclass(frozen=True, slots=True)
class Argument:
    """``words`` is how it is written (``--profile NAME``), ``group`` the title under which argparse lists it."""

    words: str
    help: str
    group: str


@dataclass(frozen=True, slots=True)
class CommandUsage:
    """``name`` is empty for the program itself. ``arguments`` lack those that choose the account."""

    name: str
    help: str
    description: str
    epilog: str
    usage: str
    arguments: tuple[Argument, ...]
    account: tuple[Argument, ...]
    commands: tuple[CommandUsage, ...]


def program() -> CommandUsage:
    return _of(build_parser(), "", "")


def _of(parser: argparse.ArgumentParser, name: str, help: str) -> CommandUsage:
    given = [
        Argument(_words(action), _text(action.help or ""), group.title or "")
        for group in parser._action_groups
        for action in group._group_actions
        if not isinstance(action, argparse._SubParsersAction | argparse._HelpAction)
    ]
    return CommandUsage(
        name,
        help,
        parser.description or "",
        parser.epilog or "",
        " ".join(("rolescope", *name.split(), "[OPTION…]", *_operands(parser))),
        tuple(each for each in given if each.group != ACCOUNT_GROUP),
        tuple(each for each in given if each.group == ACCOUNT_GROUP),
        tuple(_commands(parser, name)),
    )


def _commands(parser: argparse.ArgumentParser, above: str) -> Iterator[CommandUsage]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {each.dest: each.help or "" for each in action._choices_actions}
            for name, inside in action.choices.items():
                yield _of(inside, f"{above} {name}".strip(), _text(helps.get(name, "")))


def _operands(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if not action.option_strings:
            name = _words(action)
            yield {"?": f"[{name}]", "*": f"[{name}…]", "+": f"{name}…"}.get(str(action.nargs), name)


def _words(action: argparse.Action) -> str:
    value = action.metavar or (
        "{" + ",".join(map(str, action.choices)) + "}" if action.choices else action.dest.upper()
    )
    value = " ".join(value) if isinstance(value, tuple) else value
    if not action.option_strings:
        return value
    name = ", ".join(action.option_strings)
    if action.nargs == 0:
        return name
    return f"{name} [{value}]" if action.nargs == "?" else f"{name} {value}"


def _text(help: str) -> str:
    return help.replace("%%", "%")
