"""Searches a list or a text.

``/`` opens an input below it, ``n`` and ``N`` go to other matches, and escape ends the search.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from screens.widgets.cursor import CursorView
from screens.widgets.footer import Footer
from screens.widgets.form.line_input import LineInput
from screens.widgets.line import Line
from screens.widgets.styles import FAINT, KEY, WARN


class FindInput(LineInput):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "go there", show=True)]


class FindLine(Horizontal):
    """The input for the words, and the number of lines that contain them."""

    DEFAULT_CSS = """
    FindLine { height: 1; }
    FindLine #find-sign { width: 3; }
    FindLine LineInput { width: 1fr; }
    FindLine #find-count { width: 32; padding-right: 1; }
    """

    def __init__(self, view: CursorView) -> None:
        super().__init__()
        self.view = view
        self.begun_at = view.line_here
        self.count = Line(id="find-count", right=True)

    def compose(self) -> Iterable[Widget]:
        yield Line([(" / ", KEY)], id="find-sign")
        yield FindInput(self.view.words, placeholder="find")
        yield self.count

    def on_mount(self) -> None:
        for words in self.query(LineInput):  # no input if the line was closed before it was mounted
            self.screen.set_focus(words)
            words.select_all()  # so that typing replaces the last search

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.view.find(message.value, self.begun_at)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.screen.set_focus(self.view)

    async def on_key(self, event: events.Key) -> None:
        if event.key in ("escape", "down", "up", "tab"):
            event.stop()
            event.prevent_default()
            self.screen.set_focus(self.view)
            if event.key == "escape":
                self.view.action_find_end()

    def show_found(self, found: CursorView.Found) -> None:
        if not found.of:
            self.count.show(("not found", WARN))
        else:
            said = f"{found.at:,} of {found.of:,}" if found.at else f"{found.of:,} found"
            self.count.show((f"{said}  ", FAINT), ("n", KEY), (" next", FAINT))


def view_meant(screen: Screen[Any]) -> CursorView | None:
    """Return the list or text that has the focus, or else the first one shown."""
    focused = screen.focused
    views = [focused] if isinstance(focused, CursorView) else [view for view in screen.query(CursorView) if view.region]
    return views[0] if views else None


def open_find(screen: Screen[Any]) -> None:
    """Open the search for the current list or text."""
    view = view_meant(screen)
    if view is None:
        return
    close_find(screen)
    view = view.searched or view
    footer = screen.query_one(Footer)
    if isinstance(footer.parent, Widget):
        footer.parent.mount(FindLine(view), before=footer)


def close_find(screen: Screen[Any]) -> None:
    screen.query(FindLine).remove()


def show_found(screen: Screen[Any], found: CursorView.Found) -> None:
    """Show the number of lines that contain the words, or remove the input if the search has ended."""
    if not found.words:
        close_find(screen)
    for line in screen.query(FindLine):
        line.show_found(found)
