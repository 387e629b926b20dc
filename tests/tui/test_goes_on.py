"""An error of our own ends what it was in, not the program, and nothing that was typed is lost."""

from __future__ import annotations

import pytest
from textual.message_pump import MessagePump

from screens.diagnose.screen import DiagnoseScreen
from screens.messages import DiagnoseRole
from tests.support.driving.diagnosing import diagnose_screen, type_text, until_seen
from tui.goes_on import MOST_ERRORS, GoesOn, go_on_after_errors


@pytest.fixture(autouse=True)
def going_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the start of the program does, taken back after the test."""
    monkeypatch.setattr(MessagePump, "_dispatch_message", MessagePump._dispatch_message)
    monkeypatch.setattr(GoesOn, "goes_on", False)
    go_on_after_errors()


def fail(screen: DiagnoseScreen, message: DiagnoseRole) -> None:
    raise LookupError("nobody thought of this")


async def test_what_was_typed_survives_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        await type_text(pilot, "AccessDenied: half a")
        monkeypatch.setattr(DiagnoseScreen, "on_diagnose_role", fail)
        screen.post_message(DiagnoseRole("x"))
        await until_seen(pilot, "An error inside rolescope (LookupError: nobody thought of this)")
        await type_text(pilot, " sentence")
        await until_seen(pilot, "AccessDenied: half a sentence")
        assert app.session.troubles[-1].what.endswith("It continues to run; the log has more.")


async def test_errors_without_end_end_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DiagnoseScreen, "on_diagnose_role", fail)
    with pytest.raises(LookupError):
        async with diagnose_screen() as (_, pilot, screen):
            for _ in range(MOST_ERRORS):
                screen.post_message(DiagnoseRole("x"))
                await pilot.pause()
