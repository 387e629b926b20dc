"""The UI's exit status: an internal error that ends the program is never status 0."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.support.accounts.fake_reader import make_app
from tests.support.driving.waiting import LONG
from tui.app import RolescopeApp
from tui.start import INTERNAL_ERROR, run_to_the_end

Step = Callable[[RolescopeApp], object]


def fail(app: RolescopeApp) -> None:
    app._handle_exception(LookupError("nobody thought of this"))


def leave(app: RolescopeApp, status: int = 0) -> None:
    app.exit(return_code=status)


def stop_without_a_status(app: RolescopeApp) -> None:
    app._close_messages_no_wait()


ENDS: dict[str, tuple[tuple[Step, ...], int]] = {
    "an error": ((fail,), INTERNAL_ERROR),
    "an error, then the operator leaves": ((fail, leave), INTERNAL_ERROR),
    "two errors, then the operator leaves": ((fail, fail, leave), INTERNAL_ERROR),
    "an error, then a signal": ((fail, partial(leave, status=143)), 143),
    "no status": ((stop_without_a_status,), INTERNAL_ERROR),
    "the operator leaves": ((leave,), 0),
    "the operator leaves, then an error": ((leave, fail), 0),
    "the account was never there": ((partial(leave, status=3),), 3),
}


@pytest.mark.parametrize("end", ENDS)
def test_an_internal_error_never_exits_with_0(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps, status = ENDS[end]

    async def take_steps(pilot: Pilot[Any]) -> None:
        for step in steps:
            step(app)

    # The process is not ended for a thread that is slow: it is that of the other tests, too.
    monkeypatch.setattr("tui.start.HANGING_SECONDS", float(LONG))
    monkeypatch.setattr("os._exit", lambda status: pytest.fail(f"a thread hangs, status {status}"))
    app = make_app()
    monkeypatch.setattr(app, "run", partial(RolescopeApp.run, app, headless=True, auto_pilot=take_steps))
    assert run_to_the_end(app, mouse=False) == status


async def test_a_signal_only_asks_the_event_loop_to_end() -> None:
    """It may arrive in the middle of an import: what it did there itself could meet half a module."""
    app = make_app()
    given_up: list[bool] = []
    async with app.run_test() as pilot:
        app.give_up = lambda: given_up.append(True)  # type: ignore[method-assign]
        app.leave(143)
        assert not given_up
        await pilot.pause()
    assert given_up and app.return_code == 143
