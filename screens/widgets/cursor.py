"""One cursor for all lists and texts: its keys have the same command IDs everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from screens.commands import Command, Commanded, CommandSituation, bindings
from screens.session import Session
from screens.widgets.scrolling import StillScroll
from screens.widgets.strips import with_words
from screens.widgets.styles import FOUND


def _move(name: str, keys: str, title: str, help: str) -> Command:
    return Command(f"cursor.{name}", keys, title, help, "Moving", palette=False)


MOVES = (
    _move("down", "j,down", "down", "A line down."),
    _move("up", "k,up", "up", "A line up."),
    _move("first", "g,home", "first", "Go to the first line."),
    _move("last", "G,end", "last", "Go to the last line."),
    _move("half-down", "ctrl+d", "half down", "Half a page down."),
    _move("half-up", "ctrl+u", "half up", "Half a page up."),
    _move("page-forward", "pagedown,ctrl+f", "page down", "A page down."),
    _move("page-back", "pageup,ctrl+b", "page up", "A page up."),
    _move("find-next", "n", "next found", "The next line that contains the words found with /."),
    _move("find-previous", "N", "previous found", "The previous line that contains the words found with /."),
    _move("find-end", "escape", "clear search", "Clear the search."),
)
FIND = Command("screen.find", "/", "find", "Find words in this list or text.", "Moving", palette=False)
CHOOSE = _move("choose", "enter", "open", "Open the line under the cursor.")
LIST_MOVES = (*MOVES, CHOOSE)


UNBROKEN = 10_000
"""A width in cells so large that no line of a text wraps."""
_TO_THE_EDGE = re.compile(r" {100,}")
"""Matches the spaces before text that is aligned at the end of a line."""


def unpadded(line: Iterable[tuple[str, Style]]) -> str:
    """Return the text of a line that was laid out for `UNBROKEN` cells, without the padding."""
    return _TO_THE_EDGE.sub("   ", "".join(text for text, _ in line).rstrip())


class CursorView(Commanded, StillScroll, can_focus=True):
    """A view through which a cursor moves line by line.

    Subclasses define the moves (`move_by`, `move_to_end`), the number of visible lines, and the lines' texts
    (`line_texts`), in which words can be searched.
    """

    DECLARED: ClassVar[Sequence[Command]] = MOVES
    BINDINGS: ClassVar[list[BindingType]] = bindings(MOVES)
    words = ""
    """The words that are being searched for in this view."""
    lit_while_typing = False
    """Whether the view belongs to an input in which ``enter`` chooses the row under the cursor."""
    searched: CursorView | None = None
    """The view that ``/`` searches instead of this one, such as the text next to a short list."""

    @dataclass(eq=False, repr=False)
    class Found(Message):
        """A search ended. The cursor is on match number ``at`` (from 1; 0 if it is on none) among ``of`` matches."""

        words: str
        at: int
        of: int

    def move_by(self, lines: int) -> None:
        """Move down by this number of lines, or up if it is negative. Stop at the ends."""
        raise NotImplementedError

    def move_to_end(self, *, last: bool) -> None:
        """Move to the last line with ``last``, otherwise to the first."""
        raise NotImplementedError

    def whole_lines(self) -> Sequence[str]:
        """Return the text to copy, in lines that are not wrapped to the width."""
        return self.line_texts()

    def whole_line_here(self) -> str:
        """Return the line of `whole_lines` under the cursor."""
        lines = self.whole_lines()
        return lines[min(self.line_here, len(lines) - 1)] if lines else ""

    def line_texts(self) -> Sequence[str]:
        """Return the text of each line."""
        raise NotImplementedError

    @property
    def line_here(self) -> int:
        """The index of the line under the cursor, from 0."""
        raise NotImplementedError

    def go_to_line(self, line: int) -> None:
        """Move the cursor to the line with this index, and scroll to it."""
        self.move_by(line - self.line_here)

    @property
    def in_front(self) -> bool:
        """Whether ``enter`` acts on this view: the view has the focus, and no window is over the screen."""
        return (self.has_focus or self.lit_while_typing) and self.app.screen is self.screen

    @property
    def lines_in_sight(self) -> int:
        return self.size.height

    @property
    def page(self) -> int:
        """The number of lines by which a page key moves the cursor."""
        return max(1, self.lines_in_sight)

    def situation(self) -> CommandSituation:
        return self.screen.situation() if isinstance(self.screen, Commanded) else CommandSituation(Session())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("find_next", "find_previous", "find_end") and not self.words:
            return False
        return super().check_action(action, parameters)

    def tell(self, message: Message) -> None:
        """Post a message directly to the nearest ancestor that handles it.

        While a key is held down, passing messages through every level would take half of the time.
        """
        message._bubble_to(self)

    # Finding

    def find(self, words: str, begin: int) -> None:
        """Search for words, ignoring case, and go to the first match at or after the line ``begin``."""
        self.words = words
        self._go_to_found(lambda found: next((line for line in found if line >= begin), found[0]))
        self.refresh()

    def action_find_next(self) -> None:
        here = self.line_here
        self._go_to_found(lambda found: next((line for line in found if line > here), found[0]))

    def action_find_previous(self) -> None:
        here = self.line_here
        self._go_to_found(lambda found: next((line for line in reversed(found) if line < here), found[-1]))

    def action_find_end(self) -> None:
        self.find("", 0)

    def _go_to_found(self, choose: Callable[[Sequence[int]], int]) -> None:
        found = self._found_lines()
        chosen = choose(found) if found else None
        if chosen is not None:
            self.go_to_line(chosen)
        self.post_message(self.Found(self.words, found.index(chosen) + 1 if chosen is not None else 0, len(found)))

    def _found_lines(self) -> Sequence[int]:
        words = self.words.casefold()
        return [line for line, text in enumerate(self.line_texts()) if words in text.casefold()] if words else []

    def count_found(self) -> None:
        """Count the matches again after the lines changed. The cursor does not move."""
        if self.words:
            found = self._found_lines()
            at = found.index(self.line_here) + 1 if self.line_here in found else 0
            self.post_message(self.Found(self.words, at, len(found)))

    def render_lines(self, crop: Region) -> list[Strip]:
        strips = super().render_lines(crop)
        return [with_words(strip, self.words, FOUND) for strip in strips] if self.words else strips

    # Moving

    def action_down(self) -> None:
        self.move_by(1)

    def action_up(self) -> None:
        self.move_by(-1)

    def action_first(self) -> None:
        self.move_to_end(last=False)

    def action_last(self) -> None:
        self.move_to_end(last=True)

    def action_half_down(self) -> None:
        self.move_by(max(1, self.lines_in_sight // 2))

    def action_half_up(self) -> None:
        self.move_by(-max(1, self.lines_in_sight // 2))

    def action_page_forward(self) -> None:
        self.move_by(self.page)

    def action_page_back(self) -> None:
        self.move_by(-self.page)
