"""What another tool needs to adopt a role is shown where it is asked for, and copied from there."""

from __future__ import annotations

import pytest

from tests.support.accounts.fake_reader import FakeReader
from tests.support.driving.seeing import running, screen_text, seen, type_text


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_adopt_is_found_in_the_palette_and_shows_the_text(size: tuple[int, int]) -> None:
    async with running(FakeReader(), size=size) as pilot:
        await pilot.press(":")
        await type_text(pilot, "adopt")
        await seen(pilot, "the code with which Terraform adopts")
        await pilot.press("enter")
        await seen(pilot, "import {")
        text = screen_text(pilot.app)
        assert "has a resource for this role" in " ".join(text.split()) or "has a resource" in text
        await pilot.press("y")
        await pilot.app.workers.wait_for_complete()
        assert "import {" in screen_text(pilot.app)  # copying leaves the window open
        await pilot.press("escape")
        assert "import {" not in screen_text(pilot.app)
