"""Long, binary, forged and contradictory texts, and a broken token, pasted into the real screen."""

from __future__ import annotations

import base64
import json
from typing import Any
from unittest.mock import patch

from tests.support.demo.failures import FAILURES
from tests.support.driving.diagnosing import WIDE, answered, diagnose_screen, explain, paste, seen, unbroken, until_seen
from tests.support.driving.read_once import ReadOnce

TEXTS = {failure.id: failure.text for failure in FAILURES}
SERVED = "2026-11-24T10:00:00Z INFO [worker-7] GET /orders/4711 200 12ms request served, nothing to see here\n"
PUT = next(failure.bare or "" for failure in FAILURES if failure.id == "F01")


def token(**claims: str) -> str:
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "RS256", "typ": "JWT"}, claims)
    )
    return f"{head}.{body}.c2lnbmF0dXJl"


async def test_each_gets_a_clear_word_and_nothing_is_lost(demo_reader: Any) -> None:
    async with diagnose_screen(ReadOnce(demo_reader), WIDE) as (app, pilot, screen):
        log = SERVED * 1_000 + TEXTS["F03"] + "\n" + SERVED * 1_000
        run = await answered(pilot, log)
        assert screen.input.box.whole == log
        assert "identity.resource-mismatch · certain" in seen(app)

        await pilot.press("f2")
        run = await answered(pilot, "\x00\x01\x02\x7fELF\x01" * 4_000 + TEXTS["F03"])
        assert "identity.resource-mismatch · certain" in seen(app)

        await pilot.press("f2")
        forged = PUT.replace("i-0a1", "i-0a1[/]\x1b]0;owned\x07[bold]").replace("/x", "/[link=http://x]\x1b[2J$(id)")
        run = await answered(pilot, f"[blink]{forged}[/nope] \u202e")
        assert "identity.no-action · certain" in seen(app)
        assert "arn:aws:s3:::harbor-assets/[link=http://x]$(id)" in seen(app)
        assert not set(seen(app)) & set("\x1b\x07\u202e")

        await pilot.press("f2")
        broken = token(iss="https://token.actions.githubusercontent.com", sub="repo:harbor-demo/x:ref:refs/heads/main")
        run = await answered(pilot, f"{TEXTS['F08']}\n\n{broken[:-40]}.c2ln")
        step = next(step for step in run.steps if step.id == "token")
        assert "cannot be decoded" in step.summary
        assert "trust.condition-unmet · likely" in seen(app)
        assert not app.session.troubles


async def test_several_failures_of_one_text_are_all_listed(demo_reader: Any) -> None:
    async with diagnose_screen(ReadOnce(demo_reader), WIDE) as (app, pilot, screen):
        because, deny = "because no identity-based policy allows the s3:PutObject action", "with an explicit deny in a"
        await explain(pilot, f"{PUT} {because}\n{PUT} {deny} service control policy")
        await until_seen(pilot, "2 failures in this text")
        await pilot.press("enter")
        await until_seen(pilot, "identity.no-action · certain")
        await pilot.press("E", "j", "enter")
        await until_seen(pilot, "scp.explicit-deny · ")

        await pilot.press("f2")
        await explain(pilot, "\n".join(TEXTS["F03"].replace("by-customer", f"by-{number}") for number in range(100)))
        await until_seen(pilot, "100 failures in this text")
        await pilot.press("G", "enter")
        await until_seen(pilot, "100 of 100")
        await until_seen(pilot, "identity.resource-mismatch · certain")
        assert "index/by-99" in unbroken(app)
        assert len(screen.runs.failures) == 100


async def test_ctrl_z_undoes_in_the_box_and_leads_to_the_shell_elsewhere() -> None:
    async with diagnose_screen() as (app, pilot, _):
        with patch.object(type(app), "action_suspend_process") as suspended:
            for undo in ("ctrl+z", "ctrl+underscore"):
                await paste(pilot, "AccessDenied: kept")
                assert "AccessDenied: kept" in seen(app)
                await pilot.press(undo)
                assert "AccessDenied: kept" not in seen(app)
            assert not suspended.called
            await pilot.press("escape", "ctrl+z")
            assert suspended.call_count == 1
