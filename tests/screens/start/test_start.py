"""Start lists what needs attention, and each line opens its place."""

from __future__ import annotations

from screens.start.lines import Place, StartLine, section
from screens.widgets.table import VirtualTable
from tests.support.driving.seeing import running, screen_text, seen, until
from tests.support.papers.picture import demo
from tui.app import RolescopeApp


async def test_what_needs_attention_is_listed_and_each_line_opens_its_place() -> None:
    async with running(demo(), size=(120, 50)) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        assert " today" not in screen_text(app)  # nothing was looked at yet
        await pilot.press("0")
        await seen(pilot, "Unfinished changes: none")
        await until(pilot, lambda: app.session.findings is not None, "the review")
        for words in ("Critical and high findings", "What breaks soon", "was denied", "Changes of the last day"):
            await seen(pilot, words)
        await seen(pilot, "Not read")

        def rows() -> dict[str, str]:
            return {row.id: row.cells[1].strip() for row in app.screen.query_one(VirtualTable).rows}

        found = rows()
        wide = next(id for id, text in found.items() if text.startswith("Accepts tokens from more than one"))
        denied = next(id for id, text in found.items() if text.startswith("user ben was denied"))
        for id, words in (
            (wide, "rule:trust.wide-subject"),
            (denied, "FIX 1"),
            ("Changes of the last day/0", "History"),
        ):
            await pilot.press("0")
            await until(pilot, lambda: app.current_mode == "start", "Start")
            app.screen.query_one(VirtualTable).go_to(id)
            await pilot.press("enter")
            await seen(pilot, words)
        await pilot.press("1")
        await seen(pilot, "denials today · 0: Start")
        await seen(pilot, " high · ")


async def test_a_severity_has_its_shape_and_a_title_is_bold() -> None:
    async with running(demo(), size=(120, 50)) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await pilot.press("0")
        await until(pilot, lambda: app.session.findings is not None, "the review")
        await seen(pilot, "lambda could not assume invoice-render-lambda")
        table = app.screen.query_one(VirtualTable)
        assert table.row is not None and table.row.id == "Critical and high findings/0"  # found last, and nobody moved
        signs = {row.cells[2]: row.cells[0] for row in table.rows if row.cells[0]}
        assert signs["critical"] == "◆" and signs["high"] == "▲"
        title = table.render_lines(table.size.region)[0]
        words = [each for each in title if "Critical and high" in each.text]
        assert words and all(each.style is not None and each.style.bold for each in words)


def test_a_long_section_ends_with_the_place_that_has_all() -> None:
    lines = [StartLine(f"{number} \x1b[31m", "", Place("review")) for number in range(40)]
    found = section("Findings", lines, "none", Place("review", "severity:high")).lines
    assert len(found) == 13 and found[-1].text == "and 28 more" and found[-1].place.words == "severity:high"
    assert "\x1b" not in found[0].text
    assert section("Findings", [], "none").said == "none"
