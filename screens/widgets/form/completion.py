"""An input that suggests names in a list below it while the operator types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Input

from screens.text import fit, fit_end, marks, visible
from screens.widgets.form.line_input import one_line
from screens.widgets.line import Piece
from screens.widgets.rows import Rows
from screens.widgets.styles import FAINT, PLAIN

LIMIT = 8
LEAST_BELOW = 4
"""The minimum number of free lines below the field to show its candidates below it. With fewer lines, the candidates
are above the field."""
LONGEST = 300
"""The maximum length in characters of a paste that is accepted as a name or a value."""

Names = Sequence[str] | Callable[[str], Sequence[str]]
"""The names to suggest, or a function that returns them for a typed text.

The function is called at each key press, so it must not block.
"""
Describe = Callable[[str], str]
"""A function that returns a few words about a name, shown next to it."""


def matching(names: Sequence[str], typed: str, limit: int = LIMIT) -> list[str]:
    """Return the names that contain the typed text, ignoring case.

    Names that begin with it come first, then those in which a part (after ``:``, ``/``, ``-`` or ``.``) begins with it,
    then the others; among equals, shorter ones are first. If none contains it, return those that have its letters in
    order, closest first.
    """
    words = typed.casefold().split()
    if not words:
        return list(names[:limit])

    def rank(name: str) -> tuple[int, int, str]:
        at = name.find(words[0])
        place = 0 if at == 0 else 1 if name[at - 1] in ":/-." else 2
        return place, len(name), name

    found = [(folded, name) for name in names if all(word in (folded := name.casefold()) for word in words)]
    if found:
        return [name for _, name in nsmallest(limit, found, key=lambda pair: rank(pair[0]))]
    return _alike(names, "".join(words), limit)


def _alike(names: Sequence[str], letters: str, limit: int) -> list[str]:
    """Return the names that contain the letters in this order with few letters between them, closest first."""
    if len(letters) < 3:
        return []
    found = []
    for name in names:
        length = _length(name.casefold(), letters)
        if length is not None and length <= 2 * len(letters):
            found.append((length, len(name), name))
    return [name for _, _, name in nsmallest(limit, found)]


def _length(name: str, letters: str) -> int | None:
    """Return the length of the part of the name that contains the letters in order, or None if one is missing."""
    start = end = name.find(letters[0])
    for letter in letters[1:]:
        if end < 0:
            return None
        end = name.find(letter, end + 1)
    return end - start + 1 if end >= 0 else None


class Candidates(Rows[str], can_focus=False):
    lit_while_typing = True
    DEFAULT_CSS = """
    Candidates {
        layer: completion; overlay: screen; constrain: none inside; display: none;
        width: 100%; height: 1; background: $panel;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.describe: Describe | None = None

    def pieces_of(self, row: str, index: int, width: int) -> Sequence[Piece]:
        edge = f"{marks().bar} "
        name = edge + fit_end(visible(row), min(cell_len(visible(row)), width - cell_len(edge)))
        described = visible(self.describe(row)) if self.describe is not None else ""
        room = width - cell_len(name) - 2
        if not described or room < 8:
            return [(fit(name, width), PLAIN)]
        return [(name, PLAIN), ("  ", PLAIN), (fit(described, room), FAINT)]


class CompletionInput(Input):
    """The input of a `Completion`. Its arrow keys move through the candidates."""

    # Otherwise Textual would lay out the whole screen for each key typed in an input, although the input's size stays
    # the same.
    virtual_size = Reactive(Size(0, 0), layout=False)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "candidate(1)", "Next suggestion", show=False),
        Binding("up,ctrl+p", "candidate(-1)", "Previous suggestion", show=False),
    ]

    def on_paste(self, event: events.Paste) -> None:
        """Insert the paste.

        If it looks like an error text and the screen accepts those, pass it to the screen instead.
        """
        event.prevent_default()
        text = event.text.strip()
        error = "\n" in text or "\r" in text or len(text) > LONGEST or text.count(" ") > 4
        if error and hasattr(self.screen, "on_paste"):
            return
        event.stop()
        self.replace(one_line(text), *self.selection)

    def action_candidate(self, direction: int) -> None:
        self.post_message(Completion.MoveCandidate(direction))


class Completion(Widget):
    """An input with candidates.

    ``enter`` and ``tab`` accept the candidate under the cursor; if none is chosen, they keep the typed text and
    continue. The widget is one line high; the candidates cover the widgets below it.
    """

    DEFAULT_CSS = """
    Completion { height: 1; width: 1fr; layers: base completion; }
    Completion CompletionInput { height: 1; border: none; padding: 0; width: 1fr; }
    """

    @dataclass(eq=False, repr=False)
    class MoveCandidate(Message):
        direction: int

    @dataclass(eq=False, repr=False)
    class Changed(Message):
        """The text of the input changed."""

        completion: Completion
        value: str

        @property
        def control(self) -> Completion:
            return self.completion

    class Submitted(Changed):
        """``enter`` was pressed while there was no candidate to accept."""

    def __init__(
        self,
        names: Names = (),
        *,
        placeholder: str = "",
        value: str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._names = names
        self._chosen = self._several = False
        self._said_lines = 0
        self._covered = 0
        self._input = CompletionInput(value, placeholder=placeholder, compact=True, select_on_focus=False)
        self._input.cursor_blink = False
        self._candidates = Candidates()

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close_list", "close list")]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.open if action == "close_list" else True

    def action_close_list(self) -> None:
        self.close()

    def compose(self) -> ComposeResult:
        yield self._input
        yield self._candidates

    @property
    def value(self) -> str:
        return self._input.value.strip()

    @value.setter
    def value(self, value: str) -> None:
        with self.prevent(Input.Changed):
            self._input.value = value
        self._input.cursor_position = len(value)
        self.close()

    @property
    def placeholder(self) -> str:
        """The hint in the empty input."""
        return str(self._input.placeholder)

    @placeholder.setter
    def placeholder(self, hint: str) -> None:
        self._input.placeholder = hint

    @property
    def open(self) -> bool:
        """Whether candidates are shown."""
        return bool(self._candidates.display)

    def offer(self, names: Names, describe: Describe | None = None, *, several: bool = False) -> None:
        """Set the names to suggest. With ``several``, they apply to the text after the last comma."""
        late = not self._names
        self._names, self._several = names, several
        self._candidates.describe = describe
        if late and self._input.has_focus and self._input.value:
            self._suggest()

    def focus(self, scroll_visible: bool = True) -> Completion:
        self._input.focus(scroll_visible)
        return self

    def close(self) -> None:
        self._chosen = False
        self._show_list(shown=False)

    def _show_list(self, *, shown: bool) -> None:
        if shown is not self.open:
            self._candidates.display = shown
            if self.is_attached:
                # the footer shows what escape does: close the list, or what it does without one
                self.screen.refresh_bindings()

    @property
    def _typed_name(self) -> str:
        return self._input.value.rpartition(",")[2].strip() if self._several else self._input.value

    def _suggest(self) -> None:
        typed = self._typed_name
        found = matching(self._names(typed) if callable(self._names) else self._names, typed)
        if not found or found == [typed]:
            self.close()
            return
        self._chosen = False
        self._candidates.set_rows(found, cursor=-1)
        self._place_candidates()
        self._show_list(shown=True)

    def leave_free(self, lines: int, covered: int = 0) -> None:
        """Set the number of lines below the field that the candidates must not cover, because its error is shown there.

        ``covered`` is the number of lines of a note. The candidates cover it completely, because its end alone would be
        meaningless.
        """
        if (lines, covered) != (self._said_lines, self._covered):
            self._said_lines, self._covered = lines, covered
            if self.open:
                self._place_candidates()

    def _place_candidates(self) -> None:
        """Place the candidates below the field and its message, or above the field if there is too little space."""
        count, top, footer = len(self._candidates.rows), self.region.y, 1
        below = self.screen.size.height - footer - top - 1 - self._said_lines
        fits_below = below >= min(count, LEAST_BELOW)
        height = min(max(count, self._covered) if fits_below else count, below if fits_below else max(1, top))
        self._candidates.styles.height = height
        self._candidates.styles.offset = (0, 1 + self._said_lines if fits_below else -height)

    def on_completion_move_candidate(self, message: Completion.MoveCandidate) -> None:
        message.stop()
        if not self.open:
            self._suggest()
            if not self.open:
                return
        candidates = self._candidates
        if not self._chosen:
            self._chosen = True
            candidates.point_at(0 if message.direction > 0 else len(candidates.rows) - 1)
        else:
            candidates.point_at((candidates.cursor + message.direction) % len(candidates.rows))

    def take(self) -> bool:
        """Insert the candidate under the cursor. Return False if there is none."""
        if not (self.open and self._chosen and self._candidates.current is not None):
            return False
        before, comma, _ = self._input.value.rpartition(",") if self._several else ("", "", "")
        self.value = f"{before}{comma}{' ' if comma else ''}{self._candidates.current}"
        self.post_message(self.Changed(self, self.value))
        if self.value.endswith((":", "/")):
            self._suggest()  # the inserted text can be continued with a name
        return True

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        if self._input.has_focus:
            self._suggest()
        self.post_message(self.Changed(self, self.value))

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        if not self.take():
            self.close()
            self.post_message(self.Submitted(self, self.value))

    def on_key(self, event: events.Key) -> None:
        if event.key == "tab" and self.take():
            event.stop()
        elif event.key == "escape" and self.open:
            self.close()
            event.stop()

    def on_descendant_blur(self) -> None:
        self.close()

    @on(Rows.Highlighted)
    @on(Rows.Chosen)
    def _clicked(self, message: Rows.Highlighted) -> None:
        message.stop()
        self._chosen = True
        self.take()
