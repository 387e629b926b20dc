"""Saves the review in any format."""

from __future__ import annotations

from diagnostics.graph_svg import ENDINGS, GRAPH_FORMS
from diagnostics.json_versions import versioned
from diagnostics.review.report.csv_table import to_csv
from diagnostics.review.report.json_document import to_json
from diagnostics.review.report.paths import path_edges
from diagnostics.review.report.sarif import ACCEPTED_FILE, to_sarif
from diagnostics.review.report.text import to_markdown
from diagnostics.review.run import Review
from iam.foreign_text import json_text
from screens.export.documents import noted
from screens.export.save import ask_where
from screens.frame.base import BaseScreen
from screens.widgets.modal import Menu, MenuChoice, TextWindow

_FORMS = (
    MenuChoice("md", "Markdown", "a page to share", "m"),
    MenuChoice("csv", "CSV", "for a spreadsheet", "c"),
    MenuChoice("json", "JSON", "as rolescope review --json", "o"),
    MenuChoice("sarif", "SARIF 2.1.0", "for code hosts and dashboards", "s"),
    MenuChoice("mermaid", "Mermaid", "the escalation paths, for Markdown", "p"),
    MenuChoice("dot", "DOT", "the same, for Graphviz", "d"),
    MenuChoice("svg", "SVG", "the same as a picture", "i"),
    MenuChoice("show", "show the Markdown", "to select it with the mouse", "v"),
)


def export_review(screen: BaseScreen, review: Review, stem: str, version: str) -> None:
    """Ask for the format and the file, and save the review."""
    note = screen.stale_note

    def chosen(form: str | None) -> None:
        if form == "show":
            screen.app.push_screen(TextWindow("Review", noted(to_markdown(review), "md", note)))
        elif form is not None:
            ask_where(screen, f"{stem}.{ENDINGS.get(form, form)}", noted(_text(review, form, version), form, note))

    screen.app.push_screen(Menu("Export this review", _FORMS), chosen)


def _text(review: Review, form: str, version: str) -> str:
    if form == "md":
        return to_markdown(review)
    if form == "csv":
        return to_csv(review)
    if form in GRAPH_FORMS:
        return GRAPH_FORMS[form](path_edges(review.findings))
    document = versioned("review", to_json(review)) if form == "json" else to_sarif(review, version, ACCEPTED_FILE)
    return json_text(document) + "\n"
