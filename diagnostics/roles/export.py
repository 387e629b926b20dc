"""The list of roles as Markdown, CSV and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from diagnostics.roles.document import role_value
from diagnostics.roles.read import RolesRead
from diagnostics.roles.rows import RoleRow, columns_of, fitting_columns
from iam.foreign_text import csv_cell, json_text, markdown_code


def list_texts(session: RolesRead, rows: Sequence[RoleRow]) -> dict[str, str]:
    """Return the filtered and sorted list in each text format, by file name ending."""
    titles = [column.title.capitalize() for column in columns_of(rows)]
    lines = ["| " + " | ".join(titles) + " |", "|" + " --- |" * len(titles)]
    for row in rows:
        name, *rest = row.cells
        lines.append(
            "| " + " | ".join([markdown_code(name, in_table=True), *(cell.replace("|", "\\|") for cell in rest)]) + " |"
        )
    columns = fitting_columns(rows)
    listed = as_csv(
        ["ARN", *(column.title.capitalize() for column in columns)],
        [(row.role.arn, *row.cells[: len(columns)]) for row in rows],
    )
    return {
        "md": "\n".join(lines) + "\n",
        "csv": listed,
        "json": json_text(role_values(session, rows)) + "\n",
    }


def role_values(session: RolesRead, rows: Sequence[RoleRow]) -> list[dict[str, object]]:
    """Return the roles in the list as JSON."""
    return [role_value(session, session.role(row.role.name) or row.role) for row in rows]


def as_csv(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table for spreadsheets, in which no cell can be a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(titles)
    writer.writerows([csv_cell(cell) for cell in row] for row in rows)
    return out.getvalue()
