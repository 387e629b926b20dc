"""Lines that break for the width are copied whole."""

from __future__ import annotations

import pytest

from screens.copy.menu import CopyMenu
from screens.roles.compare import CompareScreen
from screens.widgets.difference import DifferenceView
from screens.widgets.lines import unbroken
from tests.support.driving.seeing import running, until
from tests.support.papers.picture import demo


@pytest.mark.parametrize(
    ("at", "line"),
    [(0, "one two"), (1, "one two"), (2, ""), (3, "two three two"), (4, "two three two"), (5, "two")],
)
def test_a_part_of_a_line_stands_for_the_line(at: int, line: str) -> None:
    whole = ["one two", "", "  two three two", "two"]
    assert unbroken(whole, ["one", "two", "", "two three", "two", "two"], at).strip() == line


def test_a_part_of_no_line_stands_for_itself() -> None:
    assert unbroken(["a | b"], ["c", "d"], 1) == "d"


async def test_a_comparison_is_copied_without_the_breaks_of_its_width() -> None:
    async with running(demo(), size=(80, 24)) as pilot:
        await pilot.press("space", "down", "space", "c")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen))
        view = pilot.app.screen.query_one(DifferenceView)
        await until(pilot, lambda: view.lines)
        whole = view.whole_lines()
        assert len(whole) < len(view.line_texts())
        assert all(line == line.rstrip() for line in whole)
        await pilot.press("tab", "y")
        await until(pilot, lambda: isinstance(pilot.app.screen, CopyMenu))
        menu = pilot.app.screen
        assert isinstance(menu, CopyMenu) and menu.copies[1].text == "\n".join(whole)
