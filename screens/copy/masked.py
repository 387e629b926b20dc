"""Preview a text before it is copied or saved, with IDs, passwords and tokens masked, and names on request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from diagnostics.masking.masks import Masks
from screens.commands import Command, bindings
from screens.frame.base import BaseScreen
from screens.session import Session
from screens.text import plural
from screens.widgets.line import Line, Piece
from screens.widgets.modal import CLOSE, PieceLines, Window
from screens.widgets.strips import text_lines, wrap
from screens.widgets.styles import FAINT, MASKED, PLAIN
from screens.worker_failures import run_in_thread

MOST_LINES = 2_000
"""The maximum number of lines in the preview. The rest is masked in the same way."""
TAKE = Command("masked.take", "enter", "go on", "Use the text as shown.", "This window", True)
NAMES = Command("masked.names", "m", "names too", "Mask or show the account's names.", "This window", True)


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """A text to copy or save, in ``text``.

    ``shown`` is the text for the preview: the same, or the text inside a picture.
    """

    text: str
    shown: str


Make = Callable[[Masks], OutgoingText]
"""A function that returns the masked text to copy or save."""


def text_leaving(text: str, masks: Masks) -> OutgoingText:
    masked = masks.document(text)
    return OutgoingText(masked, masked)


class MaskedPreview(Window[str]):
    """A preview of masked text. The result is the masked text, or None if the operator cancelled."""

    DECLARED = (TAKE, NAMES, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings((TAKE, NAMES, CLOSE))

    def __init__(self, title: str, make: Make, session: Session) -> None:
        super().__init__(title)
        self.make, self.session = make, session
        self.masks = Masks()
        self.leaving: OutgoingText | None = None

    def compose_inside(self) -> Iterable[Widget]:
        yield Line(id="masked-what")
        yield PieceLines(self._lay_out)

    def on_mount(self) -> None:
        self._mask()

    def action_names(self) -> None:
        self.masks = Masks(names=not self.masks.names)
        self._mask()

    def action_take(self) -> None:
        if self.leaving is not None:
            self.dismiss(self.leaving.text)

    def _mask(self) -> None:
        self.leaving = None
        self.query_one("#masked-what", Line).show(("Finding what has to be masked …", FAINT))
        masks, account = self.masks, self.session.account

        def work() -> None:
            if account is not None:
                masks.learn_account(account)
            leaving = self.make(masks)
            self.app.call_from_thread(lambda: self._show(masks, leaving))

        run_in_thread(self, work, "mask")

    def _show(self, masks: Masks, leaving: OutgoingText) -> None:
        if masks is not self.masks or not self.is_running:
            return  # the text was requested again meanwhile, or the window was closed
        self.leaving = leaving
        rest = "" if masks.names else " Names are not masked: m masks them too."
        self.query_one("#masked-what", Line).show(f"{masks.sentence()}{rest}")
        lines = self.query_one(PieceLines)
        lines.changed()
        lines.refresh(layout=True)

    def _lay_out(self, width: int) -> list[list[Piece]]:
        lines = text_lines(self.leaving.shown) if self.leaving is not None else []
        rows = [self._lit(row) for line in lines[:MOST_LINES] for row in wrap(line, max(4, width - 1), "  ")]
        beyond = len(lines) - MOST_LINES
        return [*rows, [(f"… and {plural(beyond, 'line')} more", FAINT)]] if beyond > 0 else rows

    def _lit(self, row: str) -> list[Piece]:
        return [(text, MASKED if lit else PLAIN) for text, lit in self.masks.lit(row)]


def preview_masked(screen: BaseScreen, what: str, make: Make, then: Callable[[str], None]) -> None:
    """Show the masked form of ``what``. If the operator agrees, ``then`` is called with the masked form."""

    def taken(text: str | None) -> None:
        if text is not None:
            then(text)

    screen.app.push_screen(MaskedPreview(f"{what}, as it would be sent", make, screen.session), taken)
