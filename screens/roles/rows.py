"""The rows of the role list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import overload

from diagnostics.roles.rows import ATTENTION, RoleRow, at_time, fitting_columns
from screens.widgets.styles import FAINT, PLAIN, WARN
from screens.widgets.table import Column, Row


def table_columns(rows: Sequence[RoleRow]) -> tuple[Column, ...]:
    return tuple(
        Column(**{each.name: getattr(column, each.name) for each in fields(column)}) for column in fitting_columns(rows)
    )


def table_row(row: RoleRow, now: datetime) -> Row:
    """Return the row at this time. Values that need attention are colored, and have a mark too."""
    cells = at_time(row, now)
    looks = [(at, WARN) for at, cell in enumerate(cells) if at and cell.startswith(ATTENTION)]
    if row.findings:
        from iam.risks.risk import Severity  # not needed for the first frame
        from screens.widgets.severity import severity_style

        gravest = min(rank for _, rank in row.findings)
        style = next(severity_style(each) for each in Severity if each.rank == gravest)
        looks.append((len(cells) - 1, style))
    return Row(row.id, cells, FAINT if row.role.service_owned else PLAIN, looks=tuple(looks))


class TableRows(Sequence[Row]):
    """A sequence of the table's rows, each created when first accessed.

    Of ten thousand rows, the table needs only a screenful.
    """

    def __init__(self, roles: Sequence[RoleRow], now: datetime) -> None:
        self.roles, self.now = roles, now

    def __len__(self) -> int:
        return len(self.roles)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> TableRows: ...
    def __getitem__(self, index: int | slice) -> Row | TableRows:
        found = self.roles[index]
        return table_row(found, self.now) if isinstance(found, RoleRow) else TableRows(found, self.now)
