"""Lines to type a text into."""

from __future__ import annotations

from unittest.mock import PropertyMock, patch

from rich.style import Style

from screens.widgets.area import Area
from tests.support.driving.seeing import running, type_text, until


async def test_the_mouse_over_it_before_a_style_has_reached_it_is_no_error() -> None:
    async with running() as pilot:
        await type_text(pilot, "2")
        await until(pilot, lambda: isinstance(pilot.app.focused, Area), "the box")
        area = pilot.app.focused
        assert isinstance(area, Area)
        with patch.object(Area, "rich_style", new_callable=PropertyMock, return_value=Style()):
            assert pilot.app.screen.get_style_at(*area.region.offset) == Style.null()
