"""A one-line input."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from screens.text import visible

MOST = 2000
"""The maximum length in characters of a paste into one line."""


def one_line(text: str) -> str:
    """Return a pasted text as one line, with control characters made visible."""
    return visible(" ".join(text[: 4 * MOST].split()))[:MOST]


class LineInput(Input):
    """Textual's input without a blinking cursor. A paste is put on one line, with control characters made visible."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(value, placeholder=placeholder, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(one_line(event.text), *self.selection)


class AnswerInput(LineInput):
    """An input in which enter passes the text to the window that contains it, as the footer says."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "go on", show=True)]


class QuestionInput(LineInput):
    """An input in which enter asks the text as a question. Typing replaces its initial text."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "ask", show=True)]

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(value, placeholder=placeholder, id=id)
        self.select_on_focus = True
