"""K: what the words on the screen mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.driving.seeing import running, screen_text, seen, until


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_words_of_an_opened_role_with_its_own_example(
    demo_reader_as: Callable[[str | None], Any], size: tuple[int, int]
) -> None:
    async with running(demo_reader_as(None), wait_for="", role="ci-pipeline-builder", size=size) as pilot:
        await until(pilot, lambda: pilot.app.session.account and not pilot.app.session.loading)  # type: ignore[attr-defined]
        await seen(pilot, "TRUST")
        await pilot.press("K")
        await seen(pilot, "least privilege")
        await seen(pilot, "Here: ci-pipeline-builder is a role")
        await pilot.press("j", "j")
        await seen(pilot, "can do no more than")
        await pilot.press("escape")
        await until(pilot, lambda: "Here:" not in screen_text(pilot.app))  # type: ignore[arg-type]
