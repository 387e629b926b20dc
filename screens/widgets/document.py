"""A policy document drawn line by line: line numbers, colors, the selected statement, and the element at fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from screens.commands import Command, bindings
from screens.text import marks, visible
from screens.widgets.cursor import MOVES as LINE_MOVES
from screens.widgets.cursor import CursorView
from screens.widgets.highlight import HighlightedText, element_range, highlighted, plain, statements_of
from screens.widgets.strips import broken, strip, wrap
from screens.widgets.styles import AT_FAULT, BAD, FAINT, LINE_NUMBER, LIT, PLAIN, STRONG
from screens.worker_failures import ReportsFailures, run_in_thread

if TYPE_CHECKING:
    from iam.policy.document import Document, Statement

MOVES = (
    *LINE_MOVES,
    Command("document.next-statement", "}", "next statement", "Go to the next statement.", "Moving", palette=False),
    Command(
        "document.previous-statement",
        "{",
        "previous statement",
        "Go to the previous statement.",
        "Moving",
        palette=False,
    ),
)

# Longer texts are colored in a worker; until then they are shown without colors.
AT_ONCE = 24_000


def _words(statements: Sequence[Statement]) -> HighlightedText:
    """Describe each statement in a sentence, one sentence on each line."""
    from diagnostics.sentences import statement_sentence

    sentences = [" ".join(statement_sentence(each).splitlines()) for each in statements]
    parts = plain("\n".join(sentences))
    looks = [BAD if each.effect == "Deny" else PLAIN for each in statements]
    return replace(parts, lines=tuple(((line[0][0], look),) for line, look in zip(parts.lines, looks, strict=True)))


class DocumentView(ReportsFailures, CursorView):
    """The view of one document. Long lines wrap, control characters are made visible, and nothing is parsed as markup.

    The line under the cursor selects its statement, which is highlighted with a bar. `light` highlights another
    statement and marks its element at fault.
    """

    DECLARED = MOVES
    BINDINGS: ClassVar[list[BindingType]] = bindings(MOVES)
    DEFAULT_CSS = """
    DocumentView { height: 1fr; width: 1fr; }
    """

    @dataclass(eq=False, repr=False)
    class StatementSelected(Message):
        """The cursor moved to another statement, or to a line without one (None)."""

        view: DocumentView
        statement: Statement | None

        @property
        def control(self) -> DocumentView:
            return self.view

    @dataclass(eq=False, repr=False)
    class Coloured(Message):
        """The worker finished coloring a long text."""

        text: str
        parts: HighlightedText

    def __init__(self, document: Document | None = None, *, missing: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self.document: Document | None = None
        self.missing = missing
        self.cursor = 0
        self.statement: Statement | None = None
        self._parts = plain("")
        self._statements: tuple[Statement, ...] = ()
        self.in_words = False
        # The first and last line, from 0, of each statement, by its index.
        self._spans: dict[int, tuple[int, int]] = {}
        self._lit: tuple[int, int] | None = None
        self._fault: tuple[int, int] | None = None
        self._fault_request: tuple[int, str] | None = None
        # One entry for each line on the screen: the document's line (from 0), and which wrapped part of it.
        self._visual: list[tuple[int, int]] = []
        self._first_visual: list[int] = []
        self._wrapped_for = 8
        self._wrapped: dict[int, list[list[tuple[str, Style]]]] = {}
        self._waiting = document

    def on_mount(self) -> None:
        if self._waiting is not None:
            self.show(self._waiting)

    # What is shown

    def show(self, document: Document | None, *, missing: str = "") -> None:
        """Show this document from its first line; if there is none, show the sentence ``missing``."""
        if document is self.document and missing == self.missing:
            return
        before, self.document, self.missing = self.document, document, missing
        unmoved = self.cursor == self.scroll_offset.y == 0 and self._lit is self._fault is None
        self.cursor, self.statement = 0, None
        self._lit = self._fault = self._fault_request = None
        self._statements = statements_of(document) if document else ()
        if not (before and document and before.text == document.text and unmoved):  # otherwise it is already drawn
            self._set_document()

    def _set_document(self) -> None:
        document, text = self.document, self.document.text if self.document else visible(self.missing)
        self._spans = {each.index: (each.first_line - 1, each.last_line - 1) for each in self._statements}
        if self._statements and self.in_words:
            self._spans = {each.index: (line, line) for line, each in enumerate(self._statements)}
            self._set_parts(_words(self._statements))
        elif document and len(text) > AT_ONCE:
            self._set_parts(plain(text))
            run_in_thread(self, lambda: self._colour(text), "colour")
        else:
            self._set_parts(highlighted(text) if document else self._sentence(text))

    def read_in_words(self, in_words: bool) -> None:
        """Show one sentence for each statement instead of the JSON, or the JSON again.

        The selected statement does not change.
        """
        if in_words == self.in_words:
            return
        self.in_words = in_words
        if self._statements:
            chosen, self.cursor, self.statement, self._lit = self.statement, 0, None, None
            self._set_document()
            if chosen is not None:
                self.select_statement(chosen.index)

    def select_statement(self, index: int) -> None:
        """Move the cursor to the statement with this index, as if the operator had done so."""
        if index in self._spans:
            first, last = self._spans[index]
            self._go(first)
            self._settle(first)
            self._bring_in_sight(first, last)

    def light(self, statement: int | None, element: str | None = None) -> None:
        """Highlight the statement with this index, mark its element at fault, and scroll to it.

        The element is a key such as ``Action`` or ``Condition``. If ``statement`` is None, remove the highlight.
        """
        found = next((each for each in self._statements if each.index == statement), None)
        self.statement = found
        self._lit = self._spans[found.index] if found else None
        self._fault_request = (found.index, element) if found and element else None
        self._find_fault()
        self._wrap()
        if found:
            fault = self._parts.line_of(self._fault[0]) if self._fault else None
            first, last = self._spans[found.index]
            self.cursor = first if fault is None else fault
            self._bring_in_sight(first, last if fault is None else fault)
        self.refresh()

    def show_lines(self, first: int, last: int) -> None:
        """Scroll to these lines of the document, counted from 0. If they do not fit, show their beginning."""
        self._bring_in_sight(first, last)

    def _sentence(self, text: str) -> HighlightedText:
        """Return the lines of a sentence that is shown instead of a document, wrapped at spaces."""
        return plain("\n".join(wrap(text, max(8, self.room - 3))))

    def _colour(self, text: str) -> None:
        parts = highlighted(text)
        self.post_message(self.Coloured(text, parts))

    def on_document_view_coloured(self, message: Coloured) -> None:
        message.stop()
        if self.document and self.document.text == message.text and not (self.in_words and self._statements):
            self._parts = message.parts
            self._find_fault()
            self._wrap()
            self.refresh()

    def _set_parts(self, parts: HighlightedText) -> None:
        self._parts = parts
        self._wrap()
        if self.scroll_offset.y:
            self.scroll_to(y=0, animate=False, force=True)
        self.refresh()

    def _find_fault(self) -> None:
        self._fault = None
        if self._fault_request:
            index, element = self._fault_request
            statement = next((each for each in self._statements if each.index == index), None)
            if statement:
                self._fault = element_range(self._parts, statement, element)  # documents in words contain no elements

    # Lines and wrapping

    @property
    def _number_width(self) -> int:
        return len(str(len(self._parts.lines))) if self.document else 0

    @property
    def _gutter(self) -> int:
        """The number of cells before the text: cursor and bar, line number, and a space."""
        return self._number_width + 3 if self.document else 1

    def _wrap(self) -> None:
        """Wrap every line again, because the width or the pieces changed (a line may be wrapped where a piece ends)."""
        self._wrapped.clear()
        if not self.size.width:
            self._visual, self._first_visual = [], []
            return  # the layout comes later, and calls this again
        room = self._wrapped_for = max(8, self.room - self._gutter - 1)
        widths = self._parts.widths
        counts = [1 if width <= room else len(self._wrapped_line(number)) for number, width in enumerate(widths)]
        self._visual = [(number, part) for number, count in enumerate(counts) for part in range(count)]
        self._first_visual = list(accumulate(counts, initial=0))[:-1]
        self.set_line_count(len(self._visual))

    def _pieces(self, number: int) -> list[tuple[str, Style]]:
        """Return the line's pieces, made visible, with the element at fault reversed."""
        line = self._parts.lines[number]
        fault = self._fault
        if fault is None:
            return [(visible(text), style) for text, style in line]
        pieces: list[tuple[str, Style]] = []
        at = self._parts.starts[number]
        for text, style in line:
            low, high = (max(0, min(len(text), edge - at)) for edge in fault)
            if low < high and text.strip():
                pieces += [(text[:low], style), (text[low:high], AT_FAULT), (text[high:], style)]
            else:
                pieces.append((text, style))
            at += len(text)
        return [(visible(text), style) for text, style in pieces if text]

    def _wrapped_line(self, number: int) -> list[list[tuple[str, Style]]]:
        """Return the line as the rows that the width requires. The later rows keep the line's indentation."""
        if number in self._wrapped:
            return self._wrapped[number]
        # not the present width: `_visual` counts parts for that width until the text is laid out again
        room = self._wrapped_for
        pieces = self._pieces(number)
        text = "".join(piece for piece, _ in pieces)
        indent = min(len(text) - len(text.lstrip(" ")) + 2, room // 2) if self.document else 0
        if self.in_words and self._statements:
            parts = [[(part, pieces[0][1])] for part in wrap(text, room, "  ")] if pieces else [[]]
        elif self._parts.widths[number] <= room:
            parts = [pieces]
        else:
            parts = list(broken(pieces, room, indent))
        self._wrapped[number] = parts
        return parts

    # Moving

    def _bring_in_sight(self, first: int, last: int) -> None:
        """Scroll so that both document lines are visible, or at least the second one."""
        if not self._first_visual or not self.size.height:
            return
        height, top = self.size.height, self.scroll_offset.y
        low = self._first_visual[min(first, len(self._first_visual) - 1)]
        high = self._first_visual[min(last, len(self._first_visual) - 1)]
        high += len(self._wrapped_line(min(last, len(self._parts.lines) - 1))) - 1
        if low < top:
            top = low
        if high >= top + height:
            # If the lines do not fit, their beginning is shown.
            top = min(high - height + 1, low)
        self.scroll_to(y=top, animate=False, force=True)

    def _go(self, line: int) -> None:
        line = max(0, min(line, len(self._parts.lines) - 1))
        if line == self.cursor or not self.document:
            return
        before, self.cursor = self.cursor, line
        changed = {before, line}
        changed.update(self._settle(line))
        top, height = self.scroll_offset.y, self.size.height
        for y in range(top, min(top + height, len(self._visual))):
            if self._visual[y][0] in changed:
                self.refresh(Region(0, y - top, self._gutter, 1))
        self._bring_in_sight(line, line)

    def _settle(self, line: int) -> set[int]:
        """Select the statement on this line, and return the lines whose look changes."""
        changed: set[int] = set()
        spans = self._spans
        here = next((index for index, (first, last) in spans.items() if first <= line <= last), None)
        statement = next((each for each in self._statements if each.index == here), None)
        if statement is not self.statement:
            for each in (self.statement, statement):
                if each is not None:
                    first, last = spans[each.index]
                    changed.update(range(first, last + 1))
            self.statement = statement
            self._lit = spans[statement.index] if statement else None
            self.post_message(self.StatementSelected(self, statement))
        return changed

    def _line_from(self, visual_steps: int) -> int:
        here = self._first_visual[self.cursor] if self._first_visual else 0
        target = max(0, min(here + visual_steps, len(self._visual) - 1))
        line = self._visual[target][0] if self._visual else 0
        if line == self.cursor and visual_steps:
            return self.cursor + (1 if visual_steps > 0 else -1)
        return line

    def move_by(self, lines: int) -> None:
        """Move the cursor by this number of lines.

        A single step is a line of the document, even if it wraps; several steps are lines on the screen.
        """
        self._go(self.cursor + lines if abs(lines) == 1 else self._line_from(lines))

    def line_texts(self) -> Sequence[str]:
        return ["".join(text for text, _ in line) for line in self._parts.lines]

    @property
    def line_here(self) -> int:
        return self.cursor

    def go_to_line(self, line: int) -> None:
        self._go(line)

    def move_to_end(self, *, last: bool) -> None:
        self._go(len(self._parts.lines) - 1 if last else 0)

    def action_next_statement(self) -> None:
        after = [first for first, _ in self._spans.values() if first > self.cursor]
        if after:
            self._go(min(after))

    def action_previous_statement(self) -> None:
        before = [first for first, _ in self._spans.values() if first < self.cursor]
        if before:
            self._go(max(before))

    def on_click(self, event: events.Click) -> None:
        y = self.scroll_offset.y + event.y
        if y < len(self._visual):
            self._go(self._visual[y][0])

    def on_resize(self, event: events.Resize) -> None:
        if not self.document:
            self._parts = self._sentence(visible(self.missing))
        self._wrap()
        self.refresh()

    def on_focus(self) -> None:
        self._refresh_cursor()

    def on_blur(self) -> None:
        self._refresh_cursor()

    def _refresh_cursor(self) -> None:
        if self._first_visual:
            y = self._first_visual[min(self.cursor, len(self._first_visual) - 1)]
            self.refresh(Region(0, y - self.scroll_offset.y, self._gutter, 1))

    # Drawing

    def render_line(self, y: int) -> Strip:
        base, width = self.base, self.across
        y += self.scroll_offset.y
        if y >= len(self._visual):
            return Strip([Segment(" " * width, base)], width)
        number, part = self._visual[y]
        if not self.document:
            return strip([(" ", PLAIN), *((text, FAINT) for text, _ in self._wrapped_line(number)[part])], width, base)
        sign = marks()
        lit = self._lit is not None and self._lit[0] <= number <= self._lit[1]
        faulty = self._fault is not None and (
            self._parts.line_of(self._fault[0]) <= number <= self._parts.line_of(self._fault[1] - 1)
        )
        here = number == self.cursor and self.has_focus and part == 0
        first = sign.failed if faulty and part == 0 else sign.cursor if here else " "
        first_style = AT_FAULT if faulty and part == 0 else STRONG
        label = f"{number + 1 if part == 0 else '':>{self._number_width}}"
        gutter = [
            (first, first_style),
            (label, STRONG if here else LINE_NUMBER),
            (sign.lit if lit else " ", LIT if lit else PLAIN),
            (" ", PLAIN),
        ]
        return strip([*gutter, *self._wrapped_line(number)[part]], width, base)
