"""``/``, ``n`` and ``N`` in documents, lists and windows; what ``1`` pressed again does; clicks on keys."""

from __future__ import annotations

from screens.widgets.find import FindLine, close_find, open_find
from screens.widgets.modal import Menu, MenuChoice
from screens.widgets.table import Row, VirtualTable
from tests.support.driving.seeing import gone, line_with, running, screen_text, seen


async def test_words_are_found_in_a_document_and_escape_ends_it_before_it_leaves() -> None:
    async with running(role="orders-api-lambda", wait_for="instance profiles") as pilot:
        await seen(pilot, "dynamodb:Query")
        await pilot.press("tab", "slash", *"DYNAMODB:")
        await seen(pilot, "1 of ")
        await pilot.press("enter", "n")
        await seen(pilot, "2 of ")
        await pilot.press("N", "N")
        assert "1 of" not in line_with(pilot.app, "n next")
        await pilot.press("escape")
        await gone(pilot, "n next")
        assert "PERMISSIONS" in screen_text(pilot.app)
        await pilot.press("slash", *"none such")
        await seen(pilot, "not found")
        await pilot.press("escape")
        await gone(pilot, "not found")


async def test_in_all_policies_together_words_are_found_there_and_not_in_the_document_behind() -> None:
    async with running(role="orders-api-lambda", wait_for="instance profiles") as pilot:
        await seen(pilot, "dynamodb:Query")
        await pilot.press("tab", "G")
        await seen(pilot, "conditions are not evaluated")
        await pilot.press("slash", *"Effect")
        await seen(pilot, "not found")


async def test_words_are_found_in_a_window() -> None:
    async with running(role="orders-api-lambda", wait_for="instance profiles") as pilot:
        await pilot.press("question_mark")
        await seen(pilot, "This screen")
        await pilot.press("slash", *"every role", "enter")
        await seen(pilot, "1 of ")
        assert "ctrl+p" in screen_text(pilot.app)
        await pilot.press("escape", "q")
        await gone(pilot, "This screen")


async def test_ctrl_q_leaves_from_a_window_too() -> None:
    async with running() as pilot:
        await pilot.press("question_mark")
        await seen(pilot, "This screen")
        await pilot.press("ctrl+q")
        assert pilot.app._exit


async def test_a_main_screens_key_pressed_again_leads_to_its_top() -> None:
    async with running(role="orders-api-lambda", wait_for="instance profiles") as pilot:
        await pilot.press("w")
        await seen(pilot, "Who can assume")
        await pilot.press("1")
        await seen(pilot, "sorted by name")


async def test_names_in_the_header_and_keys_in_the_footer_can_be_clicked() -> None:
    async with running(role="orders-api-lambda", wait_for="instance profiles") as pilot:
        top, *_, bottom = screen_text(pilot.app).split("\n")
        assert "m change*" in bottom
        await pilot.click("#footer", offset=(bottom.index("w who"), 0))
        await seen(pilot, "can assume")
        await pilot.click("#header", offset=(top.rindex("4"), 0))
        await seen(pilot, "4 Review")


async def test_a_line_that_is_closed_before_it_is_there_takes_no_focus() -> None:
    async with running(role="orders-api-lambda", wait_for="instance profiles") as pilot:
        screen = pilot.app.screen
        open_find(screen)
        close_find(screen)
        await pilot.pause()
        assert not screen.query(FindLine)
        await pilot.press("slash")
        await seen(pilot, "find")


async def test_lines_that_come_later_are_found_as_well() -> None:
    async with running(size=(80, 24)) as pilot:
        menu = Menu("Which", [MenuChoice("a", "first")])
        await pilot.app.push_screen(menu)
        await pilot.press("slash", *"later")
        await seen(pilot, "not found")
        menu.query_one(VirtualTable).show([Row("a", ("first", "")), Row("b", ("a later one", ""))])
        await seen(pilot, "1 found")
        await pilot.press("enter", "n")
        await seen(pilot, "1 of 1")
