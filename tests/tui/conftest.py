"""Commands with ``--demo``, which most of these tests run."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.support.driving.settling import wait_until_settled


@pytest.fixture(scope="session", autouse=True)
def _at_hand(demo_at_hand: None) -> None:
    """None of them builds the demo account for itself."""


@pytest.fixture(scope="session", autouse=True)
def _settled() -> Iterator[None]:
    """The few that drive screens wait for what the application does, and not for the processor to be idle."""
    with pytest.MonkeyPatch.context() as patch:
        wait_until_settled(patch)
        # At its end an application thaws what the whole process has: each module would look through all of it again.
        patch.setattr("tui.app.gc", SimpleNamespace(freeze=lambda: None, unfreeze=lambda: None))
        yield
