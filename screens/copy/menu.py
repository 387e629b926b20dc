"""The copy menu. The chosen text is sent to the clipboard, or shown so that it can be selected by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual.binding import BindingType

from screens.commands import Command, bindings
from screens.copy.clipboard import Sent, send
from screens.copy.masked import preview_masked, text_leaving
from screens.frame.base import BaseScreen
from screens.text import plural
from screens.widgets.find import view_meant
from screens.widgets.modal import CLOSE, Menu, MenuChoice, TextWindow
from screens.worker_failures import run_in_thread


@dataclass(frozen=True, slots=True)
class Copy:
    """A text that can be copied: ``key`` selects it, ``label`` names it.

    ``states``: the text makes statements about the account. A note is added if a later change may have made them wrong.
    """

    key: str
    label: str
    text: str
    states: bool = False


SHOW = Command(
    "copy.show", "v", "show it instead", "Show the text, so that you can select it with the mouse.", "This window", True
)


MASK = Command(
    "copy.masked", "M", "masked", "Mask IDs, passwords and tokens; preview before copying.", "This window", True
)


class CopyMenu(Menu):
    EXPLAINS = False
    DECLARED = (SHOW, MASK, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings((SHOW, MASK))

    def __init__(self, copies: Sequence[Copy]) -> None:
        self.copies = tuple(copies)
        choices = [
            MenuChoice(str(index), each.label, _preview(each.text), each.key) for index, each in enumerate(copies)
        ]
        super().__init__("Copy", choices)

    def action_show(self) -> None:
        if self.chosen is not None:
            self.dismiss(f"show {self.chosen}")

    def action_masked(self) -> None:
        if self.chosen is not None:
            self.dismiss(f"masked {self.chosen}")


def _preview(text: str) -> str:
    lines = text.count("\n") + 1
    return text if lines == 1 else plural(lines, "line")


def copy_menu(screen: BaseScreen, copies: Sequence[Copy]) -> None:
    """Ask which text to copy, then send the text to the clipboard, or show it if sending is impossible."""
    if note := screen.stale_note:
        copies = [replace(each, text=f"{note}\n\n{each.text}") if each.states else each for each in copies]

    def chosen(answer: str | None) -> None:
        if answer is None:
            return
        how, _, number = answer.rpartition(" ")
        copy = copies[int(number)]
        match how:
            case "show":
                screen.app.push_screen(TextWindow(copy.label, copy.text))
            case "masked":
                copy_masked(screen, copy)
            case _:
                copy_now(
                    screen,
                    copy,
                    again="If nothing reaches your clipboard, press y, choose the same line and press v.",
                )

    screen.app.push_screen(CopyMenu(copies), chosen)


def copy_shown(screen: BaseScreen) -> None:
    """Offer the contents of a list or text for copying: the line under the cursor, or all lines."""
    view = view_meant(screen)
    lines = view.whole_lines() if view is not None else ()
    if view is None or not lines:
        screen.say("There is nothing to copy here.", trouble=True)
        return
    copy_menu(
        screen,
        [
            Copy("l", "this line", view.whole_line_here().strip()),
            Copy("a", "all lines", "\n".join(lines), states=True),
        ],
    )


def copy_masked(screen: BaseScreen, copy: Copy) -> None:
    """Preview the masked text, then copy it."""
    preview_masked(
        screen,
        copy.label,
        partial(text_leaving, copy.text),
        lambda text: copy_now(screen, replace(copy, text=text)),
    )


def copy_now(screen: BaseScreen | TextWindow, copy: Copy, *, again: str = "") -> None:
    """Send the text to the clipboard.

    ``again`` says how to show the text if the terminal did not accept it.
    """

    def write(text: str) -> None:
        driver = screen.app._driver
        if driver is not None:
            driver.write(text)
            driver.flush()

    def work() -> None:
        sent = send(copy.text, write)
        screen.app.call_from_thread(report, sent)

    def report(sent: Sent) -> None:
        if not screen.is_attached:
            return  # the window was closed meanwhile
        if sent.ok:
            screen.say(f"{copy.label}: {sent.sentence} {again}".strip())
        else:
            screen.app.push_screen(TextWindow(f"{copy.label}. {sent.sentence}", copy.text))

    run_in_thread(screen, work, "copy")
