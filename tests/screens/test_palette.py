"""The palette finds by words and by beginnings, and puts first what was run last."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from textual.binding import Binding, BindingsMap
from textual.screen import Screen

from screens.help.screen import keys_by_command
from screens.palette.screen import Palette, Ranking
from tests.support.driving.phrases import SCREENS, missed, palette_over
from tests.support.driving.seeing import running, screen_text, seen, type_text
from tests.support.papers.picture import demo


@pytest.mark.parametrize(
    ("typed", "name", "found"),
    [
        ("orders", "orders-api-lambda", True),
        ("oal", "orders-api-lambda", True),
        ("orlam", "orders-api-lambda", True),
        ("api ord", "orders-api-lambda", True),
        ("wfe", "web-frontend-ec2", True),
        ("oae", "orders-api-lambda", False),
        ("rdl", "orders-api-lambda", False),  # begins no part
        (".*", "orders-api-lambda", False),
    ],
)
def test_a_name_is_found_by_its_parts_beginnings(typed: str, name: str, found: bool) -> None:
    assert (Ranking(typed.split()).of(name) is not None) is found


def test_words_as_they_are_come_before_beginnings() -> None:
    ranking = Ranking(["oal"])
    whole, part = ranking.of("oal-role"), ranking.of("orders-api-lambda")
    assert whole is not None and part is not None and whole < part


def test_a_key_is_of_the_nearest_command_that_runs_now_and_each_action_is_checked_once() -> None:
    checked: list[str] = []

    def owner(*allowed: str) -> Any:
        return SimpleNamespace(check_action=lambda action, _: checked.append(action) or action in allowed)

    near = BindingsMap([Binding("x", "copy", id="near.copy"), Binding("y", "off", id="near.off")])
    far = BindingsMap([Binding("x", "export", id="far.export"), Binding("y,z", "open", id="far.open")])
    chain = [(owner("copy"), near), (owner("export", "open"), far)]
    keys = keys_by_command(cast("Screen[object]", SimpleNamespace(_binding_chain=chain)))
    assert keys == {"near.copy": ["x"], "near.off": ["y"], "far.open": ["y", "z"]}
    assert checked == ["copy", "off", "export", "open", "open"]


async def test_what_was_opened_last_stands_first() -> None:
    async with running(demo()) as pilot:
        await pilot.press("colon")
        await type_text(pilot, "oet")
        await seen(pilot, "orders-ecs-task")
        await pilot.press("enter")
        await seen(pilot, "TRUST")
        await pilot.press("colon")
        await type_text(pilot, "role orders")
        await pilot.pause()
        listed = [line for line in screen_text(pilot.app).splitlines() if "role in /" in line]
        assert "orders-ecs-task" in listed[0], listed


@pytest.mark.parametrize("screen", SCREENS)
async def test_a_strangers_phrases_are_found_in_the_first_line(screen: str) -> None:
    async with palette_over(SCREENS[screen]) as palette:
        assert missed(palette) == []


async def test_words_that_say_little_do_not_decide() -> None:
    async with palette_over(()) as palette:
        for typed, meant in (("role for a github runner", "app.create"), ("sign in to that account", "app.switch")):
            assert palette.hits_of(typed)[0][0].id.startswith(meant), typed


async def test_the_words_of_one_command_come_first() -> None:
    async with running(demo(), size=(120, 40)) as pilot:
        await pilot.press(":")
        await type_text(pilot, "my roles")
        await seen(pilot, "roles I may assume")
        palette = pilot.app.screen
        assert isinstance(palette, Palette) and palette.hits_of("my roles")[0][0].id == "roles.assumable"
