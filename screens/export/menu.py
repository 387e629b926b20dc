"""Ask how to export the contents of a screen: format, destination (file, clipboard or screen), and masking."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from diagnostics.masking.masks import Masks
from screens.copy.masked import Make, OutgoingText, preview_masked
from screens.copy.menu import Copy, copy_now
from screens.export.documents import Export, file_name, noted
from screens.export.picture import as_svg, masked_lines, screen_lines
from screens.export.save import Append, Saver, ask_where
from screens.export.tables import table_texts
from screens.frame.base import BaseScreen
from screens.widgets.find import view_meant
from screens.widgets.modal import Menu, MenuChoice, TextWindow
from screens.widgets.table import VirtualTable
from screens.worker_failures import run_in_thread


@dataclass(frozen=True, slots=True)
class ReportForm:
    """A way to export a report. ``suffix`` is the format, such as md or json; ``do`` is save, copy, show or append."""

    key: str
    label: str
    suffix: str
    do: str = "save"
    mask: bool = False


REPORT_FORMS = (
    ReportForm("m", "Markdown", "md"),
    ReportForm("o", "JSON", "json"),
    ReportForm("M", "Markdown, with IDs and passwords masked", "md", mask=True),
    ReportForm("O", "JSON, with IDs and passwords masked", "json", mask=True),
    ReportForm("c", "copy as Markdown", "md", "copy"),
    ReportForm("C", "copy, with IDs and passwords masked", "md", "copy", mask=True),
    ReportForm("v", "show the text, to select from it", "md", "show"),
)


_WHERE = {"save": "into a file", "append": "at the end of a file"}
APPENDED_TO = "rolescope-tests.yaml"


def export_report(
    screen: BaseScreen,
    what: str,
    stem: str,
    write: Callable[[str, Masks | None], str],
    forms: tuple[ReportForm, ...] = REPORT_FORMS,
    append: Append | None = None,
) -> None:
    """Ask how and where to export ``what`` (``diagnosis``, ``list``), then export it and report the outcome.

    ``write`` returns the report in a format (`ReportForm.suffix`), masked if masks are passed. Before the report is
    copied, its masked text is shown. If this run has changed the account since the report was made, the report begins
    with a note that says so. ``append`` adds a form's text to a file.
    """
    note = screen.stale_note

    def written(suffix: str, masks: Masks | None) -> str:
        return noted(write(suffix, masks), suffix if suffix in ("md", "json") else "", note)

    def chosen(key: str | None) -> None:
        form = next((form for form in forms if form.key == key), None)
        if form is None:
            return

        def make(masks: Masks) -> OutgoingText:
            text = written(form.suffix, masks)
            return OutgoingText(text, text)

        match form.do:
            case "copy" if form.mask:
                preview_masked(screen, f"The {what}", make, copy)
            case "copy":
                copy(written(form.suffix, None))
            case "show":
                screen.app.push_screen(TextWindow(what.capitalize(), written(form.suffix, None)))
            case "append":
                ask_where(screen, APPENDED_TO, written(form.suffix, None), make, append=append)
            case _ if form.mask:
                run_in_thread(screen, lambda: masked(form, make), "mask", exclusive=False)
            case _:
                ask_where(screen, f"{file_name(stem)}.{form.suffix}", written(form.suffix, None), make)

    def masked(form: ReportForm, make: Make) -> None:
        masks, account = Masks(), screen.session.account
        if account is not None:
            masks.learn_account(account)
        text, name = make(masks).text, f"{file_name(stem)}.{form.suffix}"
        screen.app.call_from_thread(lambda: ask_where(screen, name, text, make, masks.sentence()))

    def copy(text: str) -> None:
        copy_now(screen, Copy("c", f"the {what} as Markdown", text))

    choices = [MenuChoice(form.key, form.label, _WHERE.get(form.do, ""), form.key) for form in forms]
    screen.app.push_screen(Menu(f"Export this {what}", choices), chosen)


FORMATS = {
    "md": ("m", "Markdown"),
    "csv": ("s", "CSV"),
    "json": ("o", "JSON"),
    "sh": ("c", "aws commands"),
    "tf": ("t", "Terraform"),
    "yaml": ("f", "CloudFormation"),
    "pulumi.sh": ("p", "Pulumi import lines"),
}


def export_menu(screen: Saver, export: Export) -> None:
    """Ask for the format and the file name, write the file in a worker, and report the outcome."""
    if isinstance(screen, BaseScreen) and (note := screen.stale_note):
        export = replace(export, texts={ending: noted(text, ending, note) for ending, text in export.texts.items()})
    choices = [
        MenuChoice(ending, FORMATS[ending][1], f"{len(text):,} characters", FORMATS[ending][0])
        for ending, text in export.texts.items()
    ]
    choices.append(MenuChoice("show", "show as Markdown", "to select it with the mouse", "v"))

    def format_chosen(ending: str | None) -> None:
        if ending is None:
            return
        if ending == "show":
            screen.app.push_screen(TextWindow(export.title, export.texts["md"]))
            return
        ask_where(screen, f"{export.name}.{ending}", export.texts[ending])

    screen.app.push_screen(Menu(export.title, choices), format_chosen)


def export_shown(screen: BaseScreen) -> None:
    """Export the list with the columns that are shown."""
    view = view_meant(screen)
    tables = [view] if isinstance(view, VirtualTable) else [each for each in screen.query(VirtualTable) if each.region]
    if not tables or not tables[0].rows:
        screen.say("There is no list to export here.", trouble=True)
        return
    texts = table_texts(tables[0].columns, tables[0].rows)
    export_menu(screen, Export("Export the list", stamped("list", screen.session.now), texts))


def picture_menu(screen: BaseScreen) -> None:
    """Ask whether to mask IDs, and where to save the picture."""
    lines = screen_lines(screen.app)
    name = f"{file_name(stamped('rolescope', screen.session.now))}.svg"

    def make(masks: Masks) -> OutgoingText:
        masked = masked_lines(lines, masks)
        texts = ("".join(segment.text for segment in line) for line in masked)
        return OutgoingText(as_svg(masked, "rolescope"), "\n".join(re.sub(r" {4,}", "   ", text) for text in texts))

    def chosen(id: str | None) -> None:
        if id == "masked":
            masks = Masks()
            ask_where(screen, name, make(masks).text, make, masks.sentence())
        elif id == "whole":
            ask_where(screen, name, as_svg(lines, "rolescope"), make)

    choices = [
        MenuChoice("masked", "IDs, passwords and tokens masked", "to send to others", "m"),
        MenuChoice("whole", "as it is", "", "w"),
    ]
    screen.app.push_screen(Menu("Save this screen as a picture", choices), chosen)


def stamped(stem: str, now: datetime) -> str:
    """Return the beginning of a file name, with the time, so that it is unique in this run."""
    return f"{stem}-{now:%Y%m%d-%H%M%S}"
