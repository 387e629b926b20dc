"""The bottom line: the keys that work now, or a message until the next key press."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.strip import Strip

from screens.commands import Commanded
from screens.text import fit, visible
from screens.widgets.line import Line, Piece
from screens.widgets.strips import wrap
from screens.widgets.styles import CHANGES, FAINT, KEY, PLAIN, STRONG, WARN

# How keys are shown if Textual's name is not what is printed on the key.
KEY_NAMES = {
    "question_mark": "?",
    "plus": "+",
    "minus": "-",
    "slash": "/",
    "colon": ":",
    "semicolon": ";",
    "exclamation_mark": "!",
    "asterisk": "*",
    "at": "@",
    "dollar_sign": "$",
    "equals_sign": "=",
    "less_than_sign": "<",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "escape": "esc",
    "space": "space",
    "upper_s": "S",
    "pageup": "pgup",
    "pagedown": "pgdn",
}


def key_name(key: str) -> str:
    """Return a key's name in common notation: ``?``, ``ctrl+p``, ``S``."""
    *modifiers, last = key.split("+")
    if last.startswith("upper_"):
        last = last[-1].upper()
    return "+".join([*modifiers, KEY_NAMES.get(last, last)])


MOST_LINES = 3
"""The maximum number of lines for a message. A longer one is truncated, with a mark."""


@dataclass(frozen=True, slots=True)
class FooterKey:
    """A key, its title, and the action that it runs on ``owner``.

    ``changes``: the action leads to a change of the account.
    """

    shown: str
    title: str
    action: str
    owner: DOMNode
    changes: bool

    @property
    def pieces(self) -> tuple[Piece, Piece]:
        """The pieces to draw. A star after the title means the same as the color."""
        return (self.shown, CHANGES if self.changes else KEY), (f" {self.title}{'*' if self.changes else ''}", FAINT)

    @property
    def width(self) -> int:
        return sum(cell_len(text) for text, _ in self.pieces)


TYPING = "typing"
"""The text shown first while keys are typed as text, so that letters and numbers do not run commands."""
GAP = "  "
STAR = "* changes the account"
"""The meaning of the star at a key, shown after the keys if there is room."""


def _keys_shown(screen: Screen[object]) -> Iterator[FooterKey]:
    """Yield the footer's keys that currently work.

    Only keys that the footer shows are checked: checking every key would take most of the time of each cursor move.
    """
    chain = [(owner, list(declared)) for owner, declared in screen._modal_binding_chain]
    shown = {key for _, declared in chain for key, binding in declared if binding.show}
    works: dict[str, tuple[DOMNode, Binding]] = {}
    for owner, declared in chain:
        for key, binding in declared:
            if key not in shown or (key in works and (works[key][1].priority or not binding.priority)):
                continue
            if owner is not screen.focused and _typed(screen, key):
                continue
            if screen.app._check_action_state(binding.action, owner):
                works[key] = owner, binding
    seen: set[str] = set()
    for owner, binding in works.values():
        if binding.show and binding.description and binding.action not in seen:
            seen.add(binding.action)
            title, changes = binding.description, False
            if isinstance(owner, Commanded) and (command := owner.command_for(binding.action)) is not None:
                title, changes = owner.title_of(command), owner.leads_to_change(command)
            yield FooterKey(key_name(binding.key), title, binding.action, owner, changes)


def _typed(screen: Screen[object], key: str) -> bool:
    """Return whether the focused widget takes the key as text.

    Textual leaves out such keys itself, except those that it knows by a name, such as ``plus``.
    """
    sign = KEY_NAMES.get(key, key)
    return len(sign) == 1 and screen.focused is not None and screen.focused.check_consume_key(key, sign)


class Footer(Line):
    DEFAULT_CSS = "Footer { dock: bottom; height: 1; }"

    def __init__(self) -> None:
        super().__init__(id="footer")
        self._keys: tuple[FooterKey, ...] = ()
        self._typing = False
        self._sentence: tuple[str, Style] | None = None

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)
        self._bindings_changed(self.screen)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        keys, typing = tuple(_keys_shown(screen)), _typed(screen, "0")
        if (keys, typing) != (self._keys, self._typing):
            self._keys, self._typing = keys, typing
            self.refresh()

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Show a sentence instead of the keys until the next key press; "" shows the keys.

        The sentence may be foreign text.
        """
        if not sentence:
            self.hush()
            return
        self._sentence = (("! " if trouble else "") + visible(sentence), WARN if trouble else STRONG)
        self._grow()

    def hush(self) -> None:
        if self._sentence:
            self._sentence = None
            self._grow()

    def on_resize(self) -> None:
        self._grow()

    def _grow(self) -> None:
        """Use up to three lines for a sentence that is longer than one line."""
        height = (
            min(MOST_LINES, len(self._sentence_lines(self.size.width))) if self._sentence and self.size.width else 1
        )
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
        self.refresh()

    def _sentence_lines(self, width: int) -> list[str]:
        return list(wrap(self.sentence, max(8, width - 2)))

    def render_line(self, y: int) -> Strip:
        if self._sentence is None or self.size.height < 2:
            return super().render_line(y)
        lines = self._sentence_lines(self.across)
        text = " ".join(lines[y:]) if y == self.size.height - 1 else lines[y] if y < len(lines) else ""
        return Strip([Segment(fit(f" {text}", self.across), self.base + self._sentence[1])], self.across)

    @property
    def sentence(self) -> str:
        return self._sentence[0] if self._sentence else ""

    def pieces(self, width: int) -> Sequence[Piece]:
        if self._sentence:
            return [(" ", PLAIN), self._sentence]
        pieces: list[Piece] = [*self._lead, (" ", PLAIN)]
        keys = self._fitting(width)
        for key in keys:
            pieces += [*key.pieces, (GAP, PLAIN)]
        if any(key.changes for key in keys) and sum(cell_len(text) for text, _ in pieces) + cell_len(STAR) <= width:
            pieces.append((STAR, FAINT))
        return pieces

    @property
    def _lead(self) -> list[Piece]:
        return [(f" {TYPING}", STRONG), (" ", PLAIN)] if self._typing else []

    def _fitting(self, width: int) -> Sequence[FooterKey]:
        """Return as many keys as fit. The key to go back and ``? keys``, which lists all keys, are always last."""
        if not self._keys:
            return []
        keys, last = self._keys[:-1], self._keys[-1]
        back = next((key for key in keys if key.shown == "esc"), None)
        stay = [last] if back is None else [back, last]
        lead = sum(cell_len(text) for text, _ in self._lead)
        room, fitting = width - 1 - lead - sum(key.width + len(GAP) for key in stay), []
        for key in keys:
            if key is not back and key.width + len(GAP) <= room:
                fitting.append(key)
                room -= key.width + len(GAP)
        return [*fitting, *stay]

    def on_click(self, event: events.Click) -> None:
        """Run the action of the clicked key on its owner. This may remove the current screen."""
        at = 1 + sum(cell_len(text) for text, _ in self._lead)
        for key in () if self._sentence else self._fitting(self.size.width):
            if at <= event.x < at + key.width:
                self.app.call_later(self.app.run_action, key.action, key.owner)
                return
            at += key.width + len(GAP)
