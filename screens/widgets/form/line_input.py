"""A line to fill in."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from screens.text import visible

MOST = 2000
"""Characters of a paste that a line takes."""


def one_line(text: str) -> str:
    """What is pasted, on one line, control characters visible."""
    return visible(" ".join(text[: 4 * MOST].split()))[:MOST]


class LineInput(Input):
    """Textual's input, still while nobody types. What is pasted comes onto the one line, control characters visible."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(value, placeholder=placeholder, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(one_line(event.text), *self.selection)


class AnswerInput(LineInput):
    """A line that enter gives to the window around it: the footer says so."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "go on", show=True)]


class QuestionInput(LineInput):
    """A line that enter asks. What it begins with is replaced by what is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "ask", show=True)]

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(value, placeholder=placeholder, id=id)
        self.select_on_focus = True
