"""The list of roles as Markdown, CSV and JSON."""

from __future__ import annotations

from collections.abc import Sequence

from iam.foreign_text import json_text, markdown_code
from screens.export.documents import Export
from screens.export.tables import as_csv
from screens.role.export import role_value
from screens.roles.rows import COLUMNS, RoleRow, fitting_columns
from screens.session import Session
from screens.text import plural


def roles_export(session: Session, rows: Sequence[RoleRow]) -> Export:
    """The list as it is filtered and sorted."""
    titles = [column.title.capitalize() for column in COLUMNS]
    lines = ["| " + " | ".join(titles) + " |", "|" + " --- |" * len(titles)]
    for row in rows:
        name, *rest = row.row.cells
        lines.append(
            "| " + " | ".join([markdown_code(name, in_table=True), *(cell.replace("|", "\\|") for cell in rest)]) + " |"
        )
    values = [role_value(session, session.role(row.role.name) or row.role) for row in rows]
    columns = fitting_columns([row.row for row in rows])
    listed = as_csv(
        ["ARN", *(column.title.capitalize() for column in columns)],
        [(row.role.arn, *row.row.cells[: len(columns)]) for row in rows],
    )
    texts = {
        "md": "\n".join(lines) + "\n",
        "csv": listed,
        "json": json_text(values) + "\n",
    }
    return Export(f"Export {plural(len(rows), 'role')}", "roles", texts)
