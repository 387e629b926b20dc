"""The help for the keys of the current screen, generated from the commands, with a short text on its concepts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from textual.screen import Screen
from textual.widget import Widget

from screens.commands import NO_KEY, Command, Commanded
from screens.frame.base import BaseScreen
from screens.key_table import MEANINGS
from screens.text import fit, visible
from screens.widgets.footer import key_name
from screens.widgets.line import Piece
from screens.widgets.modal import PieceLines, Window
from screens.widgets.strips import text_lines, wrap
from screens.widgets.styles import FAINT, KEY, PLAIN, STRONG

GROUPS = ("This screen", "This window", "Moving", "Everywhere")


def commands_of(screen: Screen[Any]) -> list[tuple[Commanded, Command]]:
    """Return every command that a key can run now, with its owner; owners nearest to the focus come first."""
    found: dict[str, tuple[Commanded, Command]] = {}
    for namespace, _ in screen._binding_chain:
        if isinstance(namespace, Commanded):
            for command in namespace.DECLARED:
                found.setdefault(command.id, (namespace, command))
    return list(found.values())


def keys_by_command(screen: Screen[Any]) -> dict[str, list[str]]:
    """Return the keys that run each command now, by the command's ID, according to the operator's keymap.

    Keys that a nearer widget handles are left out.
    """
    keys: dict[str, dict[str, None]] = {}
    taken: set[str] = set()
    for owner, declared in screen._binding_chain:
        for key, bound in declared.key_to_bindings.items():
            if key != NO_KEY and key not in taken:
                for binding in bound:
                    keys.setdefault(binding.id or "", {})[key_name(key)] = None
        taken.update(
            key
            for key, bound in declared.key_to_bindings.items()
            if any(owner.check_action(binding.action, ()) for binding in bound)
        )
    return {id: list(names) for id, names in keys.items()}


def reached(screen: Screen[Any]) -> list[tuple[Command, list[str], str]]:
    """Return each command of the screen that has a key.

    Each comes with its keys and the reason why it cannot run now ("" if it can).
    """
    keys = keys_by_command(screen)
    return [
        (command, keys[command.id], owner.why_not(command))
        for owner, command in commands_of(screen)
        if keys.get(command.id)
    ]


class HelpScreen(Window[None]):
    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__("Keys")
        self.about = screen
        self.commands = reached(screen)

    def on_mount(self) -> None:
        self.about.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, screen: Screen[Any]) -> None:
        """Show which keys work now, because the account may have been read since the window was opened."""
        found = reached(screen)
        if found != self.commands:
            self.commands = found
            self.query_one(PieceLines).laid_out_anew()

    def compose_inside(self) -> Iterable[Widget]:
        yield PieceLines(self.lay_out)

    def lay_out(self, width: int) -> Sequence[Sequence[Piece]]:
        lines: list[Sequence[Piece]] = []
        words = self.about.words() if isinstance(self.about, BaseScreen) else ""
        for group in GROUPS:
            rows = [each for each in self.commands if each[0].group == group]
            if not rows:
                continue
            if lines:
                lines.append([("", PLAIN)])
            lines.append([(group, STRONG)])
            for command, keys, why_not in rows:
                text = visible(command.help or command.title)
                if why_not:
                    text += f" ({visible(why_not)})"
                for count, part in enumerate(wrap(text, max(10, width - 20))):
                    label = fit(" ".join(keys), 17) if count == 0 else " " * 17
                    lines.append([(f" {label} ", KEY if not why_not else FAINT), (part, FAINT if why_not else PLAIN)])
            if group == "This screen" and words:
                lines.append([("", PLAIN)])
                for line in text_lines(words):
                    lines += [
                        [(f" {part}", PLAIN)]
                        for part in wrap(line, max(10, width - 2), " " * 22 if "  " in line else "")
                    ]
        lines += [[("", PLAIN)], [("One key, one meaning", STRONG)]]
        lines += [[(f" {fit(each.key, 17)} ", KEY), (fit(each.means, max(10, width - 20)), FAINT)] for each in MEANINGS]
        if any(command.changes for command, _, _ in self.commands):
            lines.append([(" * in the bottom line marks commands that can change the account, after a plan.", FAINT)])
        return lines
