"""A list as Markdown and as CSV, with the cells in the columns that are shown."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.roles.export import as_csv
from iam.foreign_text import markdown_text
from screens.widgets.table import Column, Row


def table_texts(columns: Sequence[Column], rows: Sequence[Row]) -> dict[str, str]:
    """Return the table in each text format, by file name ending."""
    titles = [column.title.capitalize() for column in columns]
    cells = [row.cells[: len(columns)] for row in rows]
    return {"md": _markdown(titles, cells), "csv": as_csv(titles, cells)}


def _markdown(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(titles)} |", "|" + " --- |" * len(titles)]
    lines += [f"| {' | '.join(map(markdown_text, row))} |" for row in rows]
    return "\n".join(lines) + "\n"
