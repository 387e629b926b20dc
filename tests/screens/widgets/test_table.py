"""How columns share the room, and which of them a row's colour is for."""

from __future__ import annotations

from rich.style import Style

from diagnostics.columns import fit_columns
from screens.widgets.styles import BAD, FAINT
from screens.widgets.table import Column, Row, VirtualTable, fitted
from tests.support.driving.seeing import running

COLUMNS = (Column("", 1, mark=True), Column("WHO", 8, grow=1), Column("ROLE", 8, grow=1), Column("WHY", 8, grow=1))
LONG = "a reason of forty-two letters, more or less"


def test_none_is_cut_beside_an_empty_one() -> None:
    rows = [Row("1", ("x", "somebody", "", LONG))]
    columns = fitted(COLUMNS, rows)
    assert [index for index, _ in fit_columns(columns, 90)] == [0, 1, 2, 3]
    assert fit_columns(columns, 60) == [(0, 1), (1, 8), (3, len(LONG))]
    filled = fitted(COLUMNS, [*rows, Row("2", ("", "", "a role", ""))])
    assert [index for index, _ in fit_columns(filled, 60)] == [0, 1, 2, 3]


def test_none_is_cut_beside_empty_room_however_long_its_cells_are() -> None:
    columns = (Column("ON", 12, grow=1, most=20), Column("OUTCOME", 8, grow=1, most=20))
    assert fit_columns(fitted(columns, [Row("1", (LONG, "ok"))]), 90) == [(0, len(LONG)), (1, 9)]
    assert fit_columns(fitted(columns, [Row("1", (LONG, LONG))]), 42) == [(0, 20), (1, 20)]


async def test_a_colour_is_for_the_mark_and_what_is_dim_is_so_as_a_whole() -> None:
    async with running() as pilot:
        table = VirtualTable(COLUMNS)
        await pilot.app.screen.mount(table)
        table.show(
            [
                Row("0", ("", "here", "", "")),
                Row("1", ("x", "bad", "", LONG), BAD),
                Row("2", ("-", "dim", "", ""), FAINT),
            ]
        )
        await pilot.pause()

        def looks(row: int) -> dict[str, Style]:
            line = table.render_lines(table.size.region)[row + 1]
            return {word: each.style or Style() for each in line for word in each.text.split()}

        assert (red := looks(1)["x"].color) is not None and red.name == "bright_red"
        assert (plain := looks(1)["bad"].color) is None or plain.is_default
        assert all(look.dim for look in looks(2).values())
