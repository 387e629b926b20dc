"""Ask for a file name and write the file.

The file is written completely or not at all. Only its owner can read it, an existing file is never overwritten, and
private data is masked on request.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from screens.commands import Command, bindings
from screens.copy.masked import Make, MaskedPreview, text_leaving
from screens.frame.base import BaseScreen
from screens.session import Session
from screens.widgets.modal import CLOSE, Prompt, Window
from screens.worker_failures import run_in_thread

MASK = Command(
    "save.masked", "ctrl+t", "mask", "Mask IDs, passwords, tokens and names; preview first.", "This window", True
)


class SavePrompt(Prompt):
    """A prompt for the file name. ``text`` is the text to write; ``make`` returns it masked."""

    DECLARED = (MASK, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings((MASK,))

    def __init__(self, title: str, name: str, note: str, text: str, make: Make, session: Session) -> None:
        super().__init__(title, name, note)
        self.text, self.make, self.session = text, make, session

    def action_masked(self) -> None:
        def taken(masked: str | None) -> None:
            if masked is not None:
                self.text = masked
                self.say("The file will be saved masked.")

        self.app.push_screen(MaskedPreview("Preview of the file", self.make, self.session), taken)


class SavingWindow(Window[None]):
    """A window with a list that can be saved."""

    session: Session


Saver = BaseScreen | SavingWindow
Append = Callable[[Path, str], tuple[str, bool]]
"""A function that adds a text to a file. It returns the outcome as a sentence, and whether it failed."""


def ask_where(
    screen: Saver, name: str, text: str, make: Make | None = None, masked: str = "", append: Append | None = None
) -> None:
    """Ask for the file name, write the file in a worker, and report the outcome.

    ``make`` returns the masked text, if masking ``text`` directly does not suffice; ``masked`` says what was already
    masked. ``append`` adds the text to a file instead of writing a new one.
    """

    def named(answer: str | None) -> None:
        if not answer or not answer.strip():
            return
        path = Path(answer.strip()).expanduser()

        def work() -> None:
            sentence, trouble = (append or save)(path, prompt.text)
            screen.app.call_from_thread(lambda: screen.say(sentence, trouble=trouble))

        run_in_thread(screen, work, "save")

    existing = "the content of an existing file is kept" if append else "an existing file is kept"
    note = f"in {Path.cwd()}, if no directory is given; {existing}"
    prompt = SavePrompt(
        f"Save as. {masked}" if masked else "Save as",
        name,
        note,
        text,
        make or partial(text_leaving, text),
        screen.session,
    )
    screen.app.push_screen(prompt, named)


def save(path: Path, text: str) -> tuple[str, bool]:
    """Write a new file with mode 0600. Return the outcome as a sentence, and whether it failed."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return f"{path} exists and was not changed: choose another name.", True
    except OSError as error:
        return f"{path} could not be written: {error.strerror}.", True
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass") as file:
            file.write(text)
    except OSError as error:
        path.unlink(missing_ok=True)
        return f"{path} could not be written: {error.strerror}.", True
    return f"Saved {path.absolute()}.", False
