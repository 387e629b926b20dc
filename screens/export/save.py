"""Asks for a format and a file, and writes it: whole or not at all, readable by its owner only, never over another."""

from __future__ import annotations

import os
from pathlib import Path

from screens.export.documents import Export
from screens.frame.base import BaseScreen
from screens.widgets.modal import Choice, Menu, Prompt, TextWindow

FORMATS = {
    "md": ("m", "Markdown"),
    "json": ("j", "JSON"),
    "sh": ("c", "aws commands"),
    "tf": ("t", "Terraform"),
    "yaml": ("f", "CloudFormation"),
}


def export_menu(screen: BaseScreen, export: Export) -> None:
    """Format, then file name, then write (in a worker), then say so."""
    choices = [
        Choice(ending, FORMATS[ending][1], f"{len(text):,} characters", FORMATS[ending][0])
        for ending, text in export.texts.items()
    ]
    choices.append(Choice("show", "show the Markdown", "to select it with the mouse", "v"))

    def format_chosen(ending: str | None) -> None:
        if ending is None:
            return
        if ending == "show":
            screen.app.push_screen(TextWindow(export.title, export.texts["md"]))
            return
        ask_where(screen, f"{export.name}.{ending}", export.texts[ending])

    screen.app.push_screen(Menu(export.title, choices), format_chosen)


def ask_where(screen: BaseScreen, name: str, text: str) -> None:
    """The file's name, then write (in a worker), then say so."""

    def named(answer: str | None) -> None:
        if not answer or not answer.strip():
            return
        path = Path(answer.strip()).expanduser()

        def work() -> None:
            sentence, trouble = save(path, text)
            screen.app.call_from_thread(lambda: screen.say(sentence, trouble=trouble))

        screen.run_worker(work, thread=True, exclusive=True, group="save", exit_on_error=False)

    note = f"in {Path.cwd()}, if no directory is given; an existing file is kept"
    screen.app.push_screen(Prompt("Save as", name, note), named)


def save(path: Path, text: str) -> tuple[str, bool]:
    """Write a new file, mode 0600. Returns what happened as a sentence, and whether it went wrong."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return f"{path} exists and was kept: choose another name.", True
    except OSError as error:
        return f"{path} could not be written: {error.strerror}.", True
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass") as file:
            file.write(text)
    except OSError as error:
        path.unlink(missing_ok=True)
        return f"{path} could not be written: {error.strerror}.", True
    return f"Saved {path.absolute()}.", False
