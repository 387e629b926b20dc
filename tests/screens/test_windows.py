"""Windows over a screen: their keys are in sight, however long their text."""

from __future__ import annotations

from textual.widgets import Static

from screens.widgets.footer import Footer
from screens.widgets.modal import TextWindow
from tests.support.driving.seeing import running, screen_text, seen
from tui.app import RolescopeApp


async def test_the_keys_of_a_window_with_a_long_text_are_in_sight() -> None:
    """Also where the first child of the screen is Textual's own, as it is on a terminal."""
    async with running(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        window = TextWindow("Long", "\n".join(map(str, range(100))))
        await app.push_screen(window)
        await window.mount(Static(), before=0)
        window.fit(24)
        await seen(pilot, "esc close")
        assert "esc close" in screen_text(app) and window.query_one(Footer).region.bottom < 24
