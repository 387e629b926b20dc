"""The account beside a snapshot of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts.questions import allow, role, snapshot
from tests.support.driving.seeing import running, screen_text, seen, type_text
from tui.app import RolescopeApp


def saved(path: Path, content: dict[str, Any]) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


async def test_what_changed_since_a_snapshot(tmp_path: Path) -> None:
    before = saved(tmp_path / "before.json", snapshot([role("one", allow("s3:GetObject")), role("gone")]))
    after = saved(tmp_path / "after.json", snapshot([role("one", allow("sqs:SendMessage")), role("new")]))
    other = snapshot([role("one")])
    other["Rolescope"]["Account"]["Id"] = "444455556666"
    saved(tmp_path / "other.json", other)
    async with running(open_snapshot(after)) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)

        async def compare(name: str) -> None:
            app.action_compare()
            await seen(pilot, "Compare with a snapshot")
            await type_text(pilot, str(tmp_path / name))
            await pilot.press("enter")

        await compare(before.name)
        await seen(pilot, "gained: sqs:SendMessage")
        text = screen_text(app)
        assert "removed  role gone" in text and "added    role new" in text and "lost: s3:GetObject" in text
        await pilot.press("escape")
        await seen(pilot, "sorted by name")
        await compare("other.json")
        await seen(pilot, "The snapshot is of account 444455556666")
        await pilot.press("escape")
        await compare("none.json")
        await seen(pilot, "none.json")
