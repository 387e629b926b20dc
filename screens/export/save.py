"""Asks for a file and writes it: whole or not at all, readable by its owner only, never over another."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from screens.frame.base import BaseScreen
from screens.widgets.modal import Prompt, Window

Saver = BaseScreen | Window[Any]
"""What shows a list that can be saved, and says how that went."""


def ask_where(screen: Saver, name: str, text: str) -> None:
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
