"""Keeping what is on a screen: as Markdown or JSON into a file, copied, or shown; account ids masked on request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from screens.copy.menu import Copy, copy_now
from screens.export.documents import file_name
from screens.export.save import ask_where
from screens.frame.base import BaseScreen
from screens.widgets.modal import Choice, Menu, TextWindow


@dataclass(frozen=True, slots=True)
class Way:
    """One way of keeping it. ``suffix`` is the format, md or json; ``do`` is save, copy or show."""

    key: str
    label: str
    suffix: str
    do: str = "save"
    mask: bool = False


WAYS = (
    Way("m", "Markdown", "md"),
    Way("j", "JSON", "json"),
    Way("M", "Markdown, account ids masked", "md", mask=True),
    Way("J", "JSON, account ids masked", "json", mask=True),
    Way("c", "copy as Markdown", "md", "copy"),
    Way("C", "copy, account ids masked", "md", "copy", mask=True),
    Way("v", "show it, to select from", "md", "show"),
)


def keep(screen: BaseScreen, what: str, stem: str, write: Callable[[Way], str]) -> None:
    """Ask how to keep ``what`` (``diagnosis``, ``list``), and where; then do it and say so."""

    def chosen(key: str | None) -> None:
        way = next((way for way in WAYS if way.key == key), None)
        if way is None:
            return
        text = write(way)
        match way.do:
            case "copy":
                copy_now(screen, Copy("c", f"the {what} as Markdown", text))
            case "show":
                screen.app.push_screen(TextWindow(what.capitalize(), text))
            case _:
                ask_where(screen, f"{file_name(stem)}.{way.suffix}", text)

    choices = [Choice(way.key, way.label, "into a file" if way.do == "save" else "", way.key) for way in WAYS]
    screen.app.push_screen(Menu(f"Keep this {what}", choices), chosen)


def stamped(stem: str, now: datetime) -> str:
    """The beginning of a file's name that no other of this run has."""
    return f"{stem}-{now:%Y%m%d-%H%M%S}"
