"""Small windows over a screen: a menu, a text, or a prompt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, TypeVar

from rich.cells import cell_len
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from screens.commands import Command, Commanded, CommandSituation, bindings, objection
from screens.leaving import LeavesOnce
from screens.session import Session
from screens.terminal_sized import TerminalSized
from screens.text import visible
from screens.typed import Typed
from screens.widgets import cursor
from screens.widgets.cursor import FIND, CursorView
from screens.widgets.facts import Paragraph
from screens.widgets.find import open_find, show_found
from screens.widgets.footer import Footer
from screens.widgets.form.line_input import AnswerInput
from screens.widgets.line import Piece
from screens.widgets.lines import LinesView
from screens.widgets.pane import Pane
from screens.widgets.strips import text_lines, wrap
from screens.widgets.styles import FAINT, PLAIN
from screens.widgets.table import Column, Row, VirtualTable, fitted
from screens.worker_failures import ReportsFailures

Result = TypeVar("Result")

FRAME = 2
"""The number of lines of a window's frame."""

CLOSE = Command("window.close", "escape,q", "close", "Close the window.", "This window", True, palette=False)
REDRAW = Command("window.redraw", "ctrl+l", "redraw", "Redraw the screen.", "This window", palette=False)
QUIT = Command("window.quit", "ctrl+q", "quit", "Leave rolescope.", "This window", palette=False)
"""The quit command. It is repeated here, because the application's own keys do not reach a window."""


class Window(LeavesOnce, TerminalSized, ReportsFailures, Commanded, ModalScreen[Result]):
    """A frame with a title in the middle of the screen. Subclasses define `compose_inside`."""

    AUTO_FOCUS = "*"
    DECLARED: ClassVar[Sequence[Command]] = (CLOSE, FIND)
    BINDINGS: ClassVar[list[BindingType]] = bindings((CLOSE, FIND, REDRAW, QUIT))
    DEFAULT_CSS = """
    Window { align: center middle; background: transparent; }
    Window > Pane {
        width: 96%; max-width: 110; height: auto; max-height: 90%;
        background: $background; padding: 1 2;
    }
    Window VirtualTable { max-height: 60vh; }
    Window LinesView { height: auto; }
    Window > Pane > Footer { dock: none; }
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self.window_title = title

    def compose(self) -> Iterable[Widget]:
        with Pane(title=visible(self.window_title)):
            yield from self.compose_inside()
            yield Footer()

    def compose_inside(self) -> Iterable[Widget]:
        return ()

    def situation(self) -> CommandSituation:
        return CommandSituation(Session())

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        self.query_one(Footer).say(sentence, trouble=trouble)
        self.fit(self.size.height)

    def on_key(self, event: events.Key) -> None:
        """Handle a key that no widget used: if it is bound to a command, say why the command is unavailable now."""
        if sentence := objection(self, event.key):
            self.say(sentence, trouble=True)

    def on_resize(self, event: events.Resize) -> None:
        self.fit(event.size.height)

    def fit(self, height: int) -> None:
        """Limit the text to the lines that the frame and the other widgets leave.

        It is called again when one of these widgets grows.
        """
        for text in self.query(Fitted):
            # The first child of the screen may be a container that Textual adds itself.
            others = [each.styles.height for each in self.query_one(Pane).children if each is not text]
            besides = FRAME + sum(int(height.value) if height and height.is_cells else 1 for height in others)
            text.styles.max_height = max(3, height * 9 // 10 - besides)

    def action_find(self) -> None:
        open_find(self)

    def on_cursor_view_found(self, message: CursorView.Found) -> None:
        message.stop()
        show_found(self, message)

    def action_close(self) -> None:
        self.dismiss(None)

    async def action_quit(self) -> None:
        await self.run_action("app.quit")

    async def action_redraw(self) -> None:
        await self.run_action("app.redraw")


class Fitted(LinesView):
    """Lines in a window, as high as the text, up to the height that the window allows."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self.lines_for(max(1, width - 1))))


class TextLines(Fitted):
    """A text that wraps and scrolls. Foreign text is allowed."""

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.text = text

    def show(self, text: str) -> None:
        self.text = text
        self.changed()
        self.refresh(layout=True)  # the text may now have a different number of lines

    def lines_for(self, width: int) -> Sequence[Sequence[Piece]]:
        return [
            [(part, PLAIN)]
            for line in text_lines(self.text)
            for part in wrap(line, max(4, width - 1), " " * (len(line) - len(line.lstrip()) + 2))
        ]


class PieceLines(Fitted):
    """Lines that a function returns for the width."""

    def __init__(self, lay_out: Callable[[int], Sequence[Sequence[Piece]]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lay_out = lay_out

    def laid_out_anew(self) -> None:
        """Lay out the lines again without scrolling, because their number may have changed."""
        at = self.scroll_offset.y
        self.changed()
        self.refresh(layout=True)
        self.scroll_to(y=at, animate=False)

    def lines_for(self, width: int) -> Sequence[Sequence[Piece]]:
        return self.lay_out(width)


class TextWindow(Window[None]):
    """A window with a text to read, which can be selected with the mouse."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title)
        self.shown = text

    def compose_inside(self) -> Iterable[Widget]:
        yield TextLines(self.shown)


@dataclass(frozen=True, slots=True)
class MenuChoice:
    """A line of a menu. ``key`` chooses it at once. The label and the detail may be foreign text."""

    id: str
    label: str
    detail: str = ""
    key: str = ""


MOST_CHOICES = 20
"""The maximum number of menu lines visible at once on a high terminal; the others scroll."""

MENU_COLUMNS = (Column("", 20, grow=2, most=50), Column("", 10, grow=1, style=FAINT))


class ChoiceTable(VirtualTable):
    """A table in which one row is chosen. No row can be opened."""

    DECLARED = (*cursor.MOVES, replace(cursor.CHOOSE, title="choose", show_in_footer=True))
    BINDINGS: ClassVar[list[BindingType]] = bindings(DECLARED)


class WholeDetail(Paragraph):
    """The text below a list in a window: the full text of the current line if it is truncated, or else its detail.

    It is hidden if no line of the list is truncated.
    """

    DEFAULT_CSS = "WholeDetail { display: none; }"

    def tell(self, table: VirtualTable) -> None:
        self.display = any(_cut_cells(row, table) for row in table.rows)
        row = table.row
        self.say("  ".join(_cut_cells(row, table) or row.cells[-1:]) if row is not None else "")


def _cut_cells(row: Row, table: VirtualTable) -> list[str]:
    return [cell for cell, room in zip(row.cells, table.widths, strict=False) if cell_len(cell) > room]


class ListWindow(Window[Result]):
    """A window with a `VirtualTable` and a `WholeDetail`, which shows the current row in full."""

    def on_virtual_table_moved(self, message: VirtualTable.Moved) -> None:
        message.stop()
        self._show_whole()

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._show_whole)

    def _show_whole(self) -> None:
        for whole in self.query(WholeDetail):  # none if the window was closed meanwhile
            whole.tell(self.query_one(VirtualTable))


class Menu(ListWindow[str]):
    """A window to choose one of several lines. The result is its ID, or None.

    ``EXPLAINS``: the details explain the choices, so all of them are shown below the list if the list truncates any.
    """

    EXPLAINS = True

    def __init__(self, title: str, choices: Sequence[MenuChoice]) -> None:
        super().__init__(title)
        self.choices = tuple(choices)
        self._unknown = ""
        """The last key, if it is a letter that chooses no line."""

    def compose_inside(self) -> Iterable[Widget]:
        table = ChoiceTable(MENU_COLUMNS, heading=False)
        table.styles.height = min(len(self.choices), MOST_CHOICES)
        yield table
        yield WholeDetail()
        explained = PieceLines(self._explained)
        explained.can_focus, explained.display = False, False
        yield explained

    def _explained(self, width: int) -> Sequence[Sequence[Piece]]:
        """Return the full details of all choices, each after its key or its label."""
        lines: list[Sequence[Piece]] = []
        for choice in self.choices:
            if choice.detail:
                head = f"{choice.key or visible(choice.label)}  "
                parts = list(wrap(visible(choice.detail), max(8, width - cell_len(head))))
                lines += [
                    [(head if at == 0 else " " * cell_len(head), PLAIN), (part, FAINT)] for at, part in enumerate(parts)
                ]
        return lines

    def on_resize(self, event: events.Resize) -> None:
        # A height limited only by ``max-height`` would still count in full for the height of the window.
        most = min(MOST_CHOICES, max(1, event.size.height * 6 // 10))
        for table in self.query(ChoiceTable):
            table.styles.height = min(len(self.choices), most)
        self.fit(event.size.height)
        self.call_after_refresh(self._explain)

    def _explain(self) -> None:
        """Show all details below the list if some are truncated in it and there is room."""
        table, explained = next(iter(self.query(ChoiceTable)), None), next(iter(self.query(PieceLines)), None)
        if table is None or explained is None:
            return  # the window was closed meanwhile
        self._show_choices(details=True)  # an earlier resize may have removed them
        room_of_detail = table.widths[1] if len(table.widths) > 1 else 0
        cut = sum(cell_len(row.cells[1]) > room_of_detail for row in table.rows)
        room = self.size.height * 9 // 10 - FRAME - 4 - len(self.choices)
        explained.display = cut > 1 and self.EXPLAINS and len(self._explained(max(20, table.size.width))) <= room
        if explained.display:
            self._show_choices(details=False)
        self._show_whole()

    def on_mount(self) -> None:
        self._show_choices(details=True)

    def _show_choices(self, *, details: bool) -> None:
        rows = [
            Row(
                choice.id,
                (
                    f"{choice.key}  {visible(choice.label)}" if choice.key else visible(choice.label),
                    visible(choice.detail) if details else "",
                ),
            )
            for choice in self.choices
        ]
        self.query_one(VirtualTable).show(rows, columns=fitted(MENU_COLUMNS, rows))

    @property
    def chosen(self) -> str | None:
        """The ID of the line under the cursor.

        It is None if the menu is not composed yet: a key press can arrive before that.
        """
        table = next(iter(self.query(VirtualTable)), None)
        return table.row.id if table is not None and table.row is not None else None

    def on_virtual_table_moved(self, message: VirtualTable.Moved) -> None:
        self._unknown = ""
        super().on_virtual_table_moved(message)

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        if self._unknown:
            self.say(
                f"Nothing was done, because {self._unknown} is not a key here. Press enter again to choose the "
                "marked line."
            )
            self._unknown = ""
            return
        self.dismiss(message.row.id)

    def on_key(self, event: events.Key) -> None:
        choice = next((choice for choice in self.choices if choice.key and choice.key == event.character), None)
        if choice is not None:
            event.stop()
            self.dismiss(choice.id)
        elif event.character and event.is_printable and not self._is_bound(event.key):
            self._unknown = event.character
            self.say(f"No line has the key {event.character}.", trouble=True)

    def _is_bound(self, key: str) -> bool:
        return any(key in declared.key_to_bindings for _, declared in self._modal_binding_chain)


class Prompt(Window[str]):
    """A window with an input for one line. The result is its text, or None.

    ``typed`` stores a text that was not submitted: the next prompt with this title starts with it.
    """

    def __init__(self, title: str, value: str = "", note: str = "", *, typed: Typed | None = None) -> None:
        super().__init__(title)
        self.note, self._typed, self._given = note, typed, value
        draft = typed.drafts.get(title) if typed is not None else None
        self.value = draft.values.get("text", value) if draft is not None else value

    def compose_inside(self) -> Iterable[Widget]:
        yield AnswerInput(self.value)
        note = PieceLines(lambda width: [[(part, FAINT)] for part in wrap(visible(self.note), max(4, width - 1))])
        note.can_focus = False
        yield note

    def action_close(self) -> None:
        if self._typed is not None:
            text = self.query_one(Input).value
            self._typed.put(self.window_title, {"text": text if text != self._given else ""})
        super().action_close()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        if self._typed is not None:
            self._typed.put(self.window_title, {})
        self.dismiss(message.value)
