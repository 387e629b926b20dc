"""A box for a policy document that is pasted or typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from screens.text import visible
from screens.widgets.area import Area

LONGEST = 40_000
"""Characters up to which a paste is taken: a policy of AWS has at most 10,240, white space not counted."""


def _clean(text: str) -> str:
    """The text with control characters made visible: a text area sends what it contains to the terminal as it is."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(2)
    return "\n".join(line if line.isprintable() else visible(line) for line in text.split("\n"))


class DocumentArea(Area):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "screen.focus_next", show=False),
        Binding("shift+tab", "screen.focus_previous", show=False),
    ]

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
    """A text area for JSON, some lines high."""

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
        """A paste was too long to be a policy."""

    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__()
        self._area = DocumentArea(value, show_line_numbers=True, placeholder=placeholder)

    def compose(self) -> ComposeResult:
        yield self._area

    @property
    def value(self) -> str:
        return self._area.text

    @value.setter
    def value(self, value: str) -> None:
        with self.prevent(TextArea.Changed):
            self._area.load_text(_clean(value))

    def focus(self, scroll_visible: bool = True) -> DocumentBox:
        self._area.focus(scroll_visible)
        return self

    @on(TextArea.Changed)
    def _typed(self, message: TextArea.Changed) -> None:
        message.stop()
        self.post_message(self.Changed(self, self.value))
