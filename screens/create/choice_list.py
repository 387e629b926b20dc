"""The values that the current field accepts, such as kinds of trust and recipes, listed with a sentence for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual import on
from textual.message import Message
from textual.widget import Widget

from screens.text import fit, marks, visible
from screens.widgets.form.choice import Option
from screens.widgets.line import Piece
from screens.widgets.pane import Pane
from screens.widgets.rows import Rows
from screens.widgets.styles import FAINT, PLAIN

LEAST_BESIDE = 10
LEAST_BESIDE_DOCUMENT = 18
"""The number of screen lines reserved for everything except the list: without and with a document on the screen.

If fewer lines than the list needs remain, only a part of it is shown.
"""
BESIDE_A_PART, LEAST_LISTED = 14, 5
"""The screen lines reserved if only a part of the list is shown, and the minimum length of such a part."""


class ChoiceRows(Rows[Option], can_focus=False):
    def pieces_of(self, row: Option, index: int, width: int) -> Sequence[Piece]:
        longest = max(len(each.title) for each in self.rows) + 5
        here = marks().cursor if index == self._cursor else " "
        title = fit(f" {here} {visible(row.title)}", longest)
        return [(title.ljust(longest), PLAIN), (fit(visible(row.note), max(0, width - longest)), FAINT)]


class ChoiceList(Pane):
    """The list below the form and its summary.

    It shows the options of the choice field that has the cursor; a click selects one.
    """

    DEFAULT_CSS = "ChoiceList { height: auto; display: none; }"

    @dataclass(eq=False, repr=False)
    class Taken(Message):
        """The option with this ID was clicked."""

        id: str

    def __init__(self) -> None:
        super().__init__()
        self._rows = ChoiceRows()

    def compose(self) -> Iterable[Widget]:
        yield self._rows

    def show(self, options: Sequence[Option], value: str, *, whole: bool = True) -> None:
        """Show the options, with the cursor on the selected one.

        Without options, the list is hidden. ``whole``: the screen also shows a document, which must stay readable.
        """
        options = [each for each in options if not each.listed_only]
        frames = 3 if self.chrome == 2 else 0  # those of the form, and the lower one of this list
        high = self.screen.size.height - 1 - frames
        lines = len(options)
        if lines > high - (LEAST_BESIDE_DOCUMENT if whole else LEAST_BESIDE):
            lines = min(lines, high - BESIDE_A_PART)
        self.display = bool(options) and lines >= min(LEAST_LISTED, len(options))
        if not self.display:
            return
        part = f"{len(options)} in all" if lines < len(options) else ""
        self.name_it("Choices", "left and right choose, typing searches", part)
        self._rows.styles.height = lines
        at = next((index for index, each in enumerate(options) if each.id == value), 0)
        if list(self._rows.rows) != options:
            self._rows.set_rows(options, at)
        self._rows.point_at(at)

    @on(Rows.Highlighted)
    def _clicked(self, message: Rows.Highlighted) -> None:
        message.stop()
        if (row := self._rows.current) is not None:
            self.post_message(self.Taken(row.id))
