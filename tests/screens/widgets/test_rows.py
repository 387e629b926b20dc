"""Lists of rows: what is in sight."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App

from screens.widgets.line import Piece
from screens.widgets.rows import Rows
from screens.widgets.styles import PLAIN


class Numbers(Rows[int]):
    DEFAULT_CSS = "Numbers { height: 4; }"

    def pieces_of(self, row: int, index: int, width: int) -> Sequence[Piece]:
        return [(f"row {row}", PLAIN)]


class Alone(App[None]):
    def compose(self) -> list[Numbers]:  # type: ignore[override]  # an iterable of widgets
        return [Numbers()]


async def test_room_that_comes_later_shows_what_leads_to_the_cursor() -> None:
    tops = []
    for heights in ((4, 7), (7,)):
        async with Alone().run_test(size=(40, 20)) as pilot:
            rows = pilot.app.query_one(Numbers)
            rows.set_rows(range(13))
            rows.styles.height = heights[0]
            await pilot.pause()
            rows.point_at(8)
            await pilot.pause()
            rows.styles.height = heights[-1]
            await pilot.pause()
            tops.append(int(rows.scroll_offset.y))
    assert tops == [2, 2]
