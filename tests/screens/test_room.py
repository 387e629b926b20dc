"""Screens in terminals of any size, sizes that change between keys, and text in no room at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events
from textual.geometry import Size
from textual.widgets import TextArea

from iam.policy.document import Document
from screens.diagnose.evidence import document_lines
from screens.text import visible
from screens.widgets.strips import broken, wrap
from screens.widgets.styles import BAD, PLAIN
from tests.support.demo.failures import FAILURES
from tests.support.driving.seeing import running, until
from tui.app import RolescopeApp

POLICY = '{"Statement": [{"Effect": "Allow", "Action": "dynamodb:Query", "Resource": "日本語' + "x" * 50 + '"}]}'
TEXT = next(failure.text for failure in FAILURES if failure.id == "F03")

MAIN = ("1", "2", "3", "5")
OVER = ("question_mark", "exclamation_mark", "colon", "P", "y", "e", "w", "l", "enter", "c", "n", "H", "t", "ctrl+t")
MOVES = ("j", "k", "G", "g", "ctrl+d", "tab", "shift+tab", "down", "up", "s", "slash", "x", "space", "ctrl+r", "escape")


@given(
    st.lists(st.tuples(st.text(max_size=30).map(visible), st.sampled_from([PLAIN, BAD]))),
    st.integers(-5, 12),
    st.integers(0, 6),
)
def test_nothing_is_lost_of_pieces_however_little_room_there_is(
    pieces: list[tuple[str, object]], width: int, indent: int
) -> None:
    rows = list(broken(pieces, width, indent))  # type: ignore[arg-type]  # the look is carried along
    own = [row[1:] if number and row else row for number, row in enumerate(rows)]
    assert "".join(text for row in own for text, _ in row) == "".join(text for text, _ in pieces)
    if width > 3:
        assert all(sum(cell_len(text) for text, _ in row) <= width for row in rows)


@given(st.text(max_size=60).map(visible), st.integers(-20, 12), st.sampled_from(["", "  ", " " * 22]))
def test_nothing_is_lost_of_a_line_however_little_room_there_is(text: str, width: int, indent: str) -> None:
    assert "".join("".join(wrap(text, width, indent)).split()) == "".join(text.split())


@pytest.mark.parametrize("width", range(-3, 13))
def test_a_document_beside_evidence_comes_to_an_end_in_any_width(width: int) -> None:
    most = 2 * len(POLICY)
    assert len(list(islice(document_lines(Document(POLICY), width=width), most))) < most


async def press(app: RolescopeApp, key: str) -> None:
    """A key as the terminal sends it: what comes next does not wait for it to come to rest."""
    app.post_message(events.Key(key, None))
    await asyncio.sleep(0)


async def resize(app: RolescopeApp, dice: Random, widest: int = 60) -> None:
    size = Size(dice.randint(1, widest), dice.randint(1, 50))
    app.post_message(events.Resize(size, size))
    await asyncio.sleep(0)


async def test_keys_and_sizes_at_random_end_nothing(
    demo_reader_as: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Down to one cell: the least size protects an operator, and this is about what it would hide."""
    monkeypatch.setattr("tui.room.LEAST", Size(1, 1))
    dice = Random(16)
    async with running(demo_reader_as(None)) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await until(pilot, lambda: not app.session.loading)
        await pilot.press("2")
        app.screen.query_one(TextArea).load_text(TEXT)
        await pilot.press("ctrl+r", "1")
        for main in dice.sample(MAIN * 4, 10):
            await resize(app, dice)
            await press(app, main)
            for key in (dice.choice(OVER), *dice.choices(MOVES, k=6)):
                print(main, key, app.size, app.screen)
                await press(app, key)
                await resize(app, dice, dice.choice((3, 12, 60)))
            await pilot.pause()
            await press(app, "escape")
            await press(app, "escape")
        await pilot.pause()
        assert app.is_running
