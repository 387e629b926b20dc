"""Keys that wait for one another, and the one that waits for none."""

from __future__ import annotations

import pytest
from textual import events

from screens.diagnose.box import PasteBox
from tests.support.driving.diagnosing import until
from tests.support.driving.seeing import running, seen
from tui.app import RolescopeApp
from tui.terminal.typing_ahead import TypingAhead


async def test_ctrl_c_does_not_wait_behind_the_keys_before_it() -> None:
    async with running() as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        app._keys_waiting.append(events.Key("k", "k"))  # for a key that does not come to rest
        app.post_message(events.Key("j", "j"))
        app.post_message(events.Key("ctrl+c", None))
        await pilot.pause()
        assert app._exit
        assert not app._keys_waiting


async def test_a_key_that_got_no_processor_is_still_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running() as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        taken: list[str] = []
        monkeypatch.setattr(app, "_taken", app._taken - 3600)  # the process stood still for an hour
        app._keys_waiting.append(events.Key("k", "k"))
        monkeypatch.setattr(app, "_look_later", lambda target, at, looks: taken.append(f"look {looks}"))
        monkeypatch.setattr(app, "_next_key", lambda: taken.append("next"))
        await app._wait_on(app.screen, app._taken, 1)
        app._keys_waiting.clear()
        assert taken == ["look 2"]


async def test_keys_of_one_packet_go_where_the_one_before_led(monkeypatch: pytest.MonkeyPatch) -> None:
    followed: list[object] = []
    follow = TypingAhead._follow
    monkeypatch.setattr(TypingAhead, "_follow", lambda app: (followed.append(app), follow(app)))
    async with running() as pilot:
        await pilot.pause()
        for key in "jk":
            await pilot.press(key)
            await pilot.pause()
        assert not followed  # one by one there is nothing to wait for
        for key in ("slash", "d", "s", "escape", "j"):
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        pilot.app.post_message(events.Key("slash", "/"))
        for key in "ds":
            pilot.app.post_message(events.Key(key, key))
        await until(pilot, lambda: pilot.app.screen.query_one("#filter").value == "ds", "ds in the filter")  # type: ignore[attr-defined]
        assert followed


async def test_a_paste_goes_where_the_key_before_it_led() -> None:
    text = "An error occurred (AccessDenied) when calling\nthe ListRoles operation"
    async with running() as pilot:
        await pilot.pause()
        pilot.app.post_message(events.Key("slash", "/"))
        pilot.app.post_message(events.Key("escape", None))
        pilot.app.post_message(events.Key("2", "2"))
        pilot.app.post_message(events.Paste(text))
        pilot.app.post_message(events.Key("ctrl+r", None))
        await seen(pilot, "iam:ListRoles")
        assert pilot.app.screen.query_one(PasteBox).whole == text
