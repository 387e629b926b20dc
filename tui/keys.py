"""The configuration's keymap against the commands that there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from pkgutil import walk_packages

import screens
from screens.commands import Commanded
from tui.configuration import configuration_path


def command_ids() -> frozenset[str]:
    """The ids of all commands. Loads every screen: call it in a worker."""
    for module in walk_packages(screens.__path__, "screens."):
        import_module(module.name)
    return frozenset(command.id for owner in _with_commands(Commanded) for command in owner.DECLARED)


def _with_commands(owner: type[Commanded]) -> Iterator[type[Commanded]]:
    yield owner
    for each in owner.__subclasses__():
        yield from _with_commands(each)


def unknown_commands(keymap: Mapping[str, str]) -> list[str]:
    """One sentence on each entry that names no command."""
    known = command_ids()
    sentences = []
    for id in keymap:
        if id not in known:
            near = get_close_matches(id, known, 1)
            hint = f"; there is {near[0]}" if near else "; ? names the commands of a screen"
            sentences.append(f"{configuration_path()}: keymap.{id} names no command{hint}.")
    return sentences
