"""Activity: what is a failure and what an answer; journals that cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from iam.sources.aws.calls import LoggedCall, LoggedOutcome
from screens.activity.screen import call_row, failed
from screens.text import marks
from screens.widgets.styles import BAD
from tests.support.accounts.fake_reader import FakeReader
from tests.support.driving.seeing import running, seen


def call(outcome: LoggedOutcome, code: str | None) -> LoggedCall:
    began = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
    return LoggedCall(
        1, "cloudformation", "DescribeStackResources", "us-east-1", began, 0.0, outcome=outcome, code=code
    )


def test_that_something_is_not_there_is_an_answer() -> None:
    absent, refused = call(LoggedOutcome.ABSENT, "ValidationError"), call(LoggedOutcome.DENIED, "AccessDenied")
    assert not failed(absent) and failed(refused)
    assert call_row(absent, absent.started).style != BAD and call_row(refused, refused.started).style == BAD
    assert marks().failed not in call_row(absent, absent.started).cells


async def test_a_journal_that_cannot_be_read_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    journal = tmp_path / "rolescope" / "journal" / "20261102-x.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_text("{not json\n")
    async with running(FakeReader(kind="aws")) as pilot:
        await pilot.press("5")
        await seen(pilot, "1 journal cannot be read")
        await seen(pilot, journal.name)
        await pilot.press("enter")
        await seen(pilot, "move the file away")
