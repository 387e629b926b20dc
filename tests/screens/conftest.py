"""Every test here waits for what the application does, and not for the processor to be idle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.screens.settling import settled


@pytest.fixture(scope="session", autouse=True)
def _settled() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textual.app.wait_for_idle", settled)
        patch.setattr("textual.pilot.wait_for_idle", settled)
        yield
