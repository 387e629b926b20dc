"""An input for a policy document, pasted or typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from iam.lazy_pattern import regex
from screens.text import marks, visible
from screens.widgets.area import Area
from screens.widgets.line import Line
from screens.widgets.styles import ALSO_AT_FAULT, FAINT, KEY, LITERAL, NAME, PLAIN, STRING

if TYPE_CHECKING:  # it imports AWS's list of actions
    from diagnostics.policy_completion import PolicyNames, TypedPlace

LONGEST = 40_000
"""The maximum length in characters of a paste. AWS's maximum for a policy is 10,240, not counting white space."""


def _clean(text: str) -> str:
    """Return the text with control characters made visible.

    A text area sends its text to the terminal unchanged.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(2)
    return "\n".join(line if line.isprintable() else visible(line) for line in text.split("\n"))


_AROUND = ".,:;?!()[]\"'“”"
"""The punctuation around a word of a message."""
_TOKEN = regex(r'("(?:[^"\\]|\\.)*"?)(\s*:)?|\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?\b')
"""Matches a string, with the colon after an object's key, or a literal."""


class DocumentArea(Area):
    """A text area that colors JSON line by line and underlines the lines with faults."""

    faulty: frozenset[int] = frozenset()
    """The indexes of the lines with faults, from 0."""
    wrong: frozenset[tuple[int, str]] = frozenset()
    """The words that the faults name, with the indexes of their lines."""
    names: PolicyNames | None = None
    """The names to suggest; None if they are not loaded yet."""
    candidates: tuple[str, ...] = ()
    """The completions of the string at the cursor; ``tab`` inserts the first one."""

    _suggested_at = (0, 0)

    class Offered(Message):
        """The candidates changed."""

    def update_suggestion(self) -> None:
        """Suggest completions of the string at the cursor. Textual calls this after each edit."""
        self._suggested_at = self.cursor_location
        place = self._place() if self.names is not None and self.selection.is_empty else None
        found = tuple(self.names.candidates(place)) if place is not None and self.names is not None else ()
        self._offer(found, place)

    def on_text_area_selection_changed(self, message: TextArea.SelectionChanged) -> None:
        """Remove the suggestion when the cursor moves, because the arrow keys must only move."""
        if self.cursor_location != self._suggested_at:
            self._offer((), None)

    def _place(self) -> TypedPlace | None:
        """Return the place in the policy of the string that ends at the cursor; None if there is no such string."""
        from diagnostics.policy_completion import typed_place

        row, column = self.cursor_location
        lines = self.document.lines
        if column < len(lines[row]) and lines[row][column] != '"':
            return None
        return typed_place("\n".join((*lines[:row], lines[row][:column])))

    def _offer(self, found: tuple[str, ...], place: TypedPlace | None) -> None:
        first = found[0] if found else ""
        goes_on = place is not None and first.lower().startswith(place.text.lower())
        self.suggestion = first[len(place.text) :] if place is not None and goes_on else ""
        self.hide_wrong()
        if found != self.candidates:
            self.candidates = found
            self.post_message(self.Offered())

    def hide_wrong(self) -> None:
        """Hide the rest of a suggestion beside a word with an error. With the suggestion, the word would look correct.

        The line below the text still shows the suggestion.
        """
        place = self._place() if self.suggestion else None
        if place is not None and (self.cursor_location[0], place.text) in self.wrong:
            self.suggestion = ""

    def action_take(self) -> None:
        """Replace the typed string with the first candidate; if there is none, go to the next pane."""
        place = self._place() if self.candidates else None
        if place is None:
            self.screen.focus_next()
            return
        row, column = self.cursor_location
        text = self.candidates[0]
        self.replace(text, (row, column - len(place.text)), (row, column))
        self.move_cursor((row, column - len(place.text) + len(text)))

    def action_next_candidate(self) -> None:
        place = self._place()
        if len(self.candidates) > 1:
            self._offer((*self.candidates[1:], self.candidates[0]), place)

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        for match in _TOKEN.finditer(line.plain):
            look = LITERAL if match[1] is None else NAME if match[2] is not None else STRING
            line.stylize(look, *(match.span() if match[1] is None else match.span(1)))
        if line_index in self.faulty:
            line.stylize(ALSO_AT_FAULT, 0, len(line.plain))
        return line

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "take", show=False),
        Binding("ctrl+n", "next_candidate", show=False),
        Binding("shift+tab", "screen.focus_previous", show=False),
    ]

    def on_key(self, event: events.Key) -> None:
        """Begin a new line with the indentation of the line above, deeper after an opening bracket."""
        if event.key != "enter":
            return
        event.stop()
        event.prevent_default()
        row, column = min(self.selection)
        line = self.document.lines[row][:column]
        indent = len(line) - len(line.lstrip(" ")) + (2 if line.rstrip().endswith(("{", "[")) else 0)
        result = self.replace("\n" + " " * indent, *self.selection)
        self.move_cursor(result.end_location)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        text = _clean(event.text)
        if len(text) + len(self.text) > LONGEST:
            self.post_message(DocumentBox.Refused())
            return
        result = self.replace(text, *self.selection)
        self.move_cursor(result.end_location)


class DocumentBox(Widget):
    """A text area for JSON, a few lines high."""

    DEFAULT_CSS = """
    DocumentBox { height: 8; width: 1fr; }
    DocumentBox DocumentArea { height: 1fr; border: none; padding: 0; }
    """

    @dataclass(eq=False, repr=False)
    class Changed(Message):
        box: DocumentBox
        value: str

        @property
        def control(self) -> DocumentBox:
            return self.box

    class Refused(Message):
        """A paste was too long for a policy."""

    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__()
        self._area = DocumentArea(value, show_line_numbers=True, placeholder=placeholder)

    def compose(self) -> ComposeResult:
        yield self._area
        self._offers = Line()
        self._offers.display = False
        yield self._offers

    @property
    def placeholder(self) -> str:
        """The hint in the empty area."""
        return str(self._area.placeholder)

    @placeholder.setter
    def placeholder(self, hint: str) -> None:
        self._area.placeholder = hint

    def complete_with(self, names: PolicyNames) -> None:
        """Set the names to suggest."""
        self._area.names = names
        self._area.update_suggestion()

    @on(DocumentArea.Offered)
    def _offered(self, message: DocumentArea.Offered) -> None:
        message.stop()
        first, *others = self._area.candidates or ("",)
        self._offers.display = bool(first)
        more = f"  {marks().dot}  ".join(map(visible, others))
        again = (("  ctrl+n ", KEY), (f"another:  {more}", FAINT)) if others else ()
        self._offers.show((" tab ", KEY), (visible(first), PLAIN), *again)

    @property
    def value(self) -> str:
        return self._area.text

    @value.setter
    def value(self, value: str) -> None:
        with self.prevent(TextArea.Changed):
            self._area.load_text(_clean(value))

    def put(self, value: str) -> None:
        """Replace the text; ``ctrl+z`` undoes this."""
        self._area.replace(_clean(value), (0, 0), self._area.document.end)
        self._area.move_cursor((0, 0))

    def mark_faults(self, faults: Iterable[tuple[int, str]]) -> None:
        """Underline the lines of these faults, and no others. A fault is a line, counted from 1, and a message."""
        known = [(number - 1, message) for number, message in faults if number > 0]
        faulty = frozenset(line for line, _ in known)
        self._area.wrong = frozenset((line, word.strip(_AROUND)) for line, message in known for word in message.split())
        self._area.hide_wrong()
        if faulty != self._area.faulty:
            self._area.faulty = faulty
            self._area.notify_style_update()  # otherwise lines that were already drawn would not change
            self._area.refresh()

    def go_to_next_fault(self) -> bool:
        """Move the cursor to the next line with a fault; after the last such line, to the first.

        Return False if there is none.
        """
        here = self._area.cursor_location[0]
        lines = sorted(self._area.faulty)
        if not lines:
            return False
        self._area.move_cursor((next((line for line in lines if line > here), lines[0]), 0))
        self._area.focus()
        return True

    def focus(self, scroll_visible: bool = True) -> DocumentBox:
        self._area.focus(scroll_visible)
        return self

    @on(TextArea.Changed)
    def _typed(self, message: TextArea.Changed) -> None:
        message.stop()
        self.post_message(self.Changed(self, self.value))
