"""Whether the demo account answers rightly: here each question is asked anew."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.demo.asked_before.READS", ())
