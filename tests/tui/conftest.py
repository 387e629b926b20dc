"""Commands with ``--demo``, which most of these tests run."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def _at_hand(demo_at_hand: None) -> None:
    """None of them builds the demo account for itself."""
