"""Keeping a diagnosis: as Markdown or JSON into a file, or copied; account ids masked on request."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from diagnostics.diagnosis import Diagnosis, Fix, Step
from diagnostics.report import masked, to_json, to_markdown
from screens.base import BaseScreen
from screens.copying import Copy, copy_now
from screens.exporting import file_name
from screens.saving import save
from screens.text import plural
from screens.widgets.modal import Choice, Menu, Prompt, TextWindow
from screens.widgets.steps_evidence import step_lines

COPY_WIDTH = 100


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


def written(diagnosis: Diagnosis, suffix: str, *, mask: bool) -> str:
    """The whole document."""
    if suffix == "md":
        return to_markdown(diagnosis, mask_accounts=mask)
    text = json.dumps(to_json(diagnosis), indent=2, ensure_ascii=False) + "\n"
    return masked(text) if mask else text


def export_diagnosis(screen: BaseScreen, diagnosis: Diagnosis, now: datetime) -> None:
    """Ask how to keep it, and where; then do it and say so."""

    def chosen(key: str | None) -> None:
        way = next((way for way in WAYS if way.key == key), None)
        if way is None:
            return
        text = written(diagnosis, way.suffix, mask=way.mask)
        match way.do:
            case "copy":
                copy_now(screen, Copy("c", "the diagnosis as Markdown", text))
            case "show":
                screen.app.push_screen(TextWindow("Diagnosis", text))
            case _:
                name = f"diagnosis-{now:%Y%m%d-%H%M%S}-{file_name(diagnosis.verdict.cause)}.{way.suffix}"
                ask_where(screen, name, text)

    choices = [Choice(way.key, way.label, "into a file" if way.do == "save" else "", way.key) for way in WAYS]
    screen.app.push_screen(Menu("Keep this diagnosis", choices), chosen)


def ask_where(screen: BaseScreen, name: str, text: str, write: Callable[[Path, str], tuple[str, bool]] = save) -> None:
    def named(answer: str | None) -> None:
        if not answer or not answer.strip():
            return
        path = Path(answer.strip()).expanduser()

        def work() -> None:
            sentence, trouble = write(path, text)
            screen.app.call_from_thread(lambda: screen.say(sentence, trouble=trouble))

        screen.run_worker(work, thread=True, exclusive=True, group="save", exit_on_error=False)

    note = f"in {Path.cwd()}, if no directory is given; an existing file is kept"
    screen.app.push_screen(Prompt("Save as", name, note), named)


def evidence_text(step: Step) -> str:
    """What the pane shows of a step, with every line of its documents."""
    rows = step_lines(step, COPY_WIDTH, whole=True)
    return "\n".join("".join(text for text, _ in row).rstrip() for row in rows) + "\n"


def copies_of(diagnosis: Diagnosis, subject: Step | Fix | None) -> list[Copy]:
    """What can be copied here; what is in attention comes first."""
    copies: list[Copy] = []
    if isinstance(subject, Fix):
        copies.append(Copy("f", "the change of this fix", subject.change))
        if subject.after is not None:
            copies.append(Copy("a", "the whole document after it", subject.after.text))
        copies.append(Copy("t", "the fix's title", subject.title))
    elif isinstance(subject, Step):
        copies.append(Copy("e", "the evidence of this step", evidence_text(subject)))
        named = {each.document: each.policy or "" for each in subject.evidence if each.document is not None}
        for key, (document, name) in zip("pqrs", named.items(), strict=False):
            copies.append(Copy(key, f"policy {name}".rstrip(), document.text))
    copies.append(Copy("v", "the verdict", f"{diagnosis.verdict.cause}: {diagnosis.verdict.summary}"))
    number = len(diagnosis.steps)
    copies.append(Copy("d", f"the diagnosis, {plural(number, 'step')}, as Markdown", to_markdown(diagnosis)))
    return copies
