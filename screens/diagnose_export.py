"""Keeping a diagnosis: as Markdown or JSON, into a file or the clipboard, with the account ids masked on request."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen, Screen

from diagnostics.diagnosis import Diagnosis, Fix, Step
from diagnostics.report import masked, to_json, to_markdown
from screens.commands import Command, Commanded, Situation, bindings
from screens.session import Session
from screens.text import fit, marks
from screens.widgets.line import Line, Piece
from screens.widgets.look import FAINT, KEY, PLAIN, STRONG
from screens.widgets.steps_evidence import fix_lines, step_lines
from screens.widgets.steps_rows import Rows

COPY_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Way:
    """One way of keeping it: the format, and whether it goes into a file or the clipboard."""

    title: str
    suffix: str
    to_file: bool


WAYS = (
    Way("Markdown into a file", "md", True),
    Way("JSON into a file", "json", True),
    Way("copy as Markdown", "md", False),
    Way("copy as JSON", "json", False),
)

HERE = (
    Command("export.mask", "m", "mask account ids", "Replace account ids by numbers.", "Export", True, palette=False),
    Command("export.back", "escape,q", "back", "Keep nothing.", "Export", True, palette=False),
)


def written(diagnosis: Diagnosis, suffix: str, *, mask: bool) -> str:
    """The whole document."""
    if suffix == "md":
        return to_markdown(diagnosis, mask_accounts=mask)
    text = json.dumps(to_json(diagnosis), indent=2) + "\n"
    return masked(text) if mask else text


def file_name(diagnosis: Diagnosis, suffix: str, now: datetime) -> str:
    """``diagnosis-20261124-1520-identity.no-action.md``"""
    cause = re.sub(r"[^a-z0-9.-]+", "-", diagnosis.verdict.cause.lower())[:60]
    return f"diagnosis-{now:%Y%m%d-%H%M%S}-{cause}.{suffix}"


def save(directory: Path, name: str, text: str) -> Path:
    """Write a new file that only its owner may read. Raises OSError; an existing file is never written over."""
    path = directory / name
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return path


class Saved(Message):
    """The file was written, or not: ``sentence`` says which, and why."""

    def __init__(self, sentence: str, trouble: bool) -> None:
        super().__init__()
        self.sentence = sentence
        self.trouble = trouble


class WayList(Rows[Way]):
    DEFAULT_CSS = "WayList { height: 4; }"

    def pieces_of(self, row: Way, index: int, width: int) -> Sequence[Piece]:
        return [(f"  {index + 1} ", KEY), (fit(row.title, width - 4), PLAIN)]


class ExportScreen(Commanded, ModalScreen[None]):
    """Asks how; ``m`` masks the account ids."""

    AUTO_FOCUS = "WayList"
    DECLARED = HERE
    BINDINGS: ClassVar[list[BindingType]] = bindings(HERE)
    DEFAULT_CSS = """
    ExportScreen { align: center middle; }
    ExportScreen Vertical { width: 64; max-width: 95%; height: auto; border: solid ansi_bright_black; padding: 0 1; }
    ExportScreen Line { height: 1; }
    """

    def __init__(self, diagnosis: Diagnosis, below: Screen[None]) -> None:
        super().__init__()
        self._diagnosis = diagnosis
        self._below = below
        self._mask = False

    def situation(self) -> Situation:
        return Situation(Session())

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Line([("Keep this diagnosis", STRONG)])
            yield WayList()
            yield Line(id="mask")
            yield Line([(f"files go to {Path.cwd()}", FAINT)])
            yield Line([("enter", KEY), (" does it   ", FAINT), ("esc", KEY), (" keeps nothing", FAINT)])

    def on_mount(self) -> None:
        self.query_one(WayList).set_rows(WAYS)
        self._show_mask()

    def _show_mask(self) -> None:
        state = f"{marks().passed} masked" if self._mask else "as they are"
        self.query_one("#mask", Line).show(("  m ", KEY), (f"account ids: {state}", PLAIN))

    def action_mask(self) -> None:
        self._mask = not self._mask
        self._show_mask()

    def action_back(self) -> None:
        self.dismiss()

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        way = WAYS[message.index]
        text = written(self._diagnosis, way.suffix, mask=self._mask)
        below = self._below
        self.dismiss()
        if not way.to_file:
            copy_text(below, text, f"the diagnosis as {'Markdown' if way.suffix == 'md' else 'JSON'}")
            return
        name = file_name(self._diagnosis, way.suffix, datetime.now().astimezone())

        def write() -> None:
            try:
                path = save(Path.cwd(), name, text)
            except OSError as error:
                below.post_message(Saved(f"{name} could not be written: {error.strerror}. Start it elsewhere.", True))
            else:
                below.post_message(Saved(f"Written: {path}", False))

        below.run_worker(write, thread=True, group="export", exit_on_error=False)


def subject_text(subject: Step | Fix) -> str:
    """What copying gives: of a fix that has no difference the change itself, else what the pane shows."""
    if isinstance(subject, Fix):
        if subject.change.strip():
            return subject.change
        rows: Iterable[Sequence[Piece]] = fix_lines(subject, COPY_WIDTH)
    else:
        rows = step_lines(subject, COPY_WIDTH, whole=True)
    return "\n".join("".join(text for text, _ in row).rstrip() for row in rows) + "\n"


def copy_subject(screen: Screen[None], subject: Step | Fix) -> None:
    what = "the change" if isinstance(subject, Fix) else "the evidence"
    copy_text(screen, subject_text(subject), what)


def copy_text(screen: Screen[None], text: str, what: str) -> None:
    screen.app.copy_to_clipboard(text)
