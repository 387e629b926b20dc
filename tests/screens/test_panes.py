"""Panes: their titles, which of them has the focus, and what is left of them where there is no room."""

from __future__ import annotations

from typing import Any

import pytest
from rich.cells import cell_len

from diagnostics.marks import ASCII_MARKS
from screens.widgets import pane as panes
from screens.widgets.document import DocumentView
from screens.widgets.pane import Pane, title_line
from screens.widgets.styles import STRONG
from tests.support.accounts.fake_reader import FakeReader
from tests.support.driving.seeing import line_with, running, screen_text, seen, until


@pytest.mark.parametrize("width", [4, 9, 20, 60])
@pytest.mark.parametrize("framed", [True, False])
def test_the_title_line_is_as_wide_as_the_pane(width: int, framed: bool) -> None:
    for title, aside in (("", ""), ("Steps", "3 failed"), ("a title longer than its pane is wide " * 3, "aside" * 9)):
        pieces = title_line([(title, STRONG)], aside, width, here=False, framed=framed)
        assert cell_len("".join(piece for piece, _ in pieces)) == width


async def test_the_pane_with_the_focus_is_heavy_and_a_click_brings_it() -> None:
    async with running(FakeReader()) as pilot:
        assert line_with(pilot.app, "Roles ━").startswith("┏━━ Roles ━")
        await seen(pilot, "╭── TRUST  who may assume ")
        trust = next(pane for pane in pilot.app.screen.query(Pane) if pane.title.startswith("TRUST"))
        await pilot.click(trust, offset=(1, 0))
        await until(pilot, lambda: isinstance(pilot.app.focused, DocumentView), "the document")
        await seen(pilot, "┏━━ TRUST")
        assert "╭── Roles ─" in screen_text(pilot.app)
        await pilot.press("y")
        await seen(pilot, "┏━━ Copy")
        assert "╭── T" in screen_text(pilot.app), "one focus at a time"
        await pilot.press("escape")
        await seen(pilot, "┏━━ TRUST")


async def test_where_there_is_little_room_the_title_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(FakeReader(), size=(80, 24)) as pilot:
        await pilot.press("enter")
        await seen(pilot, "━━ TRUST")
        assert not any(sign in screen_text(pilot.app) for sign in "┏╭┃│")
        await pilot.resize_terminal(120, 40)
        await seen(pilot, "┏━━ TRUST")


def test_without_utf8_the_focus_is_told_by_another_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panes, "marks", lambda: ASCII_MARKS)
    told: dict[bool, Any] = {
        here: "".join(piece for piece, _ in title_line([("a", STRONG)], "", 12, here=here, framed=True))
        for here in (True, False)
    }
    assert told == {True: "+== a =====+", False: "+-- a -----+"}
