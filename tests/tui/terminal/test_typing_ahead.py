"""Keys that wait for one another, and the one that waits for none."""

from __future__ import annotations

import asyncio

from textual import events

from tests.support.seeing import running
from tui.app import RolescopeApp


async def test_ctrl_c_does_not_wait_behind_the_keys_before_it() -> None:
    async with running() as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        app._key_under_way = asyncio.get_running_loop().call_later(3600, list)  # a key that does not come to rest
        app.post_message(events.Key("j", "j"))
        app.post_message(events.Key("ctrl+c", None))
        await pilot.pause()
        assert app._exit
        assert not app._keys_waiting
