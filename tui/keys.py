"""Check the keymap in the configuration against the commands that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from pkgutil import walk_packages

import screens
from screens.commands import Commanded
from tui.paths import configuration_path

_MOVES = ("down", "up", "first", "last", "half-down", "half-up", "page-forward", "page-back")
RENAMED: Mapping[str, str] = {
    **{f"{owner}.{move}": f"cursor.{move}" for owner in ("table", "rows", "lines", "document") for move in _MOVES},
    "table.choose": "cursor.choose",
    "rows.choose": "cursor.choose",
    "versions.against-default": "versions.against-before",
    "app.half-done": "app.resume",
    "review.what-if": "app.what-if",
    "who.back": "who-can.back",
}
"""Command IDs of earlier versions, with their current IDs."""


def with_present_ids(keymap: Mapping[str, str]) -> dict[str, str]:
    """Return the keymap with earlier IDs replaced by the current ones.

    An entry under the current ID takes precedence. If several earlier IDs are now one command, all their keys are used.
    """
    present = {id: keys for id, keys in keymap.items() if id not in RENAMED}
    for old, keys in keymap.items():
        new = RENAMED.get(old)
        if new is not None and new not in keymap:
            present[new] = ",".join(dict.fromkeys((*filter(None, present.get(new, "").split(",")), *keys.split(","))))
    return present


def keymap_warnings(keymap: Mapping[str, str]) -> list[str]:
    """Return a sentence for each entry with an earlier or unknown ID. Loads every screen: call it in a worker."""
    known = command_ids()
    sentences = []
    for id in keymap:
        if id in RENAMED:
            sentences.append(f"{configuration_path()}: keymap.{id} is now called keymap.{RENAMED[id]}.")
        elif id not in known:
            closest = get_close_matches(id, known, 1)
            hint = f"; the closest is {closest[0]}" if closest else "; ? lists the commands of a screen"
            sentences.append(f"{configuration_path()}: keymap.{id} names no command{hint}.")
    return sentences


def command_ids() -> frozenset[str]:
    """Return the IDs of all commands. Loads every screen: call it in a worker."""
    for module in walk_packages(screens.__path__, "screens."):
        import_module(module.name)
    return frozenset(command.id for owner in declaring(Commanded) for command in owner.DECLARED)


def declaring(owner: type[Commanded]) -> Iterator[type[Commanded]]:
    """Yield the class and those of its subclasses that have been imported."""
    yield owner
    for each in owner.__subclasses__():
        yield from declaring(each)
