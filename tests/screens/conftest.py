"""Every test here waits for what the application does, and not for the processor to be idle."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from tests.support.settling import dealt_with, settled


@pytest.fixture(scope="session", autouse=True)
def _settled() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textual.app.wait_for_idle", settled)
        patch.setattr("textual.pilot.wait_for_idle", settled)
        patch.setattr(Pilot, "_wait_for_screen", dealt_with)
        # The memory that an application has to itself: here a process has had many before, and frees after each module.
        patch.setattr("tui.app.gc", SimpleNamespace(freeze=lambda: None, unfreeze=lambda: None))
        yield
