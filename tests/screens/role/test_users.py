"""Who uses a role, on the screen, and revoking its sessions from there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.driving.seeing import line_with, running, seen, until


async def test_sessions_and_what_runs_as_it_and_a_plan_that_says_who_is_cut_off(
    demo_reader_as: Callable[[str | None], Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "config").write_text("[profile guest]\nrole_arn = arn:aws:iam::111122223333:role/contractor-scoped\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    async with running(demo_reader_as(None), wait_for="", role="contractor-scoped", size=(80, 24)) as pilot:
        await until(pilot, lambda: pilot.app.session.account and not pilot.app.session.loading)  # type: ignore[attr-defined]
        await seen(pilot, "TRUST")
        await pilot.press("U")
        await seen(pilot, "CloudTrail shows 1 session, none still active.")
        await seen(pilot, "uses it in the profile guest")
        assert "444455556666" in line_with(pilot.app, "1 h")  # type: ignore[arg-type]
        await pilot.press("m")
        await seen(pilot, "Plan: revoke sessions of contractor")
        await seen(pilot, "CloudTrail, which is about")
