"""Every test here waits for what the application does, and not for the processor to be idle."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from tests.support.settling import dealt_with, settled


@pytest.fixture(scope="session", autouse=True)
def _settled() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textual.app.wait_for_idle", settled)
        patch.setattr("textual.pilot.wait_for_idle", settled)
        patch.setattr(Pilot, "_wait_for_screen", dealt_with)
        yield


@pytest.fixture(scope="module", autouse=True)
def _collected() -> Iterator[None]:
    """The application makes the garbage collector seldom: what it left is given back once per module."""
    yield
    gc.unfreeze()
    gc.collect()
