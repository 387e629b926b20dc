"""What a run remembers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from screens.session import MOST_TROUBLES, Session
from tests.support.accounts.fake_reader import FakeReader


def test_the_latest_troubles_are_kept() -> None:
    session = Session()
    for number in range(MOST_TROUBLES + 2):
        session.note("reading the account", f"failure {number}")
    assert len(session.troubles) == MOST_TROUBLES
    assert session.troubles[0].what == "failure 2"


def test_the_demo_shows_what_this_run_did_by_the_clock_of_its_account() -> None:
    made = datetime.now(UTC) - timedelta(minutes=3)
    demo, aws = Session(), Session()
    demo.reader, aws.reader = FakeReader(kind="demo"), FakeReader(kind="aws")
    assert demo.now - demo.shown_time(made) == pytest.approx(timedelta(minutes=3), abs=timedelta(seconds=2))
    assert aws.shown_time(made) == made
