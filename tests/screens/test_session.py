"""What a run remembers."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from iam.account import Role
from iam.sources.reader.reading import Reading
from screens.messages import SwitchAccount
from screens.session import MOST_TROUBLES, Session
from tests.support.accounts.fake_reader import FakeReader, role
from tests.support.driving.seeing import running, until
from tests.support.driving.waiting import LONG
from tui.app import RolescopeApp


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
    assert demo.now - demo.shown_time(made) == pytest.approx(timedelta(minutes=3), abs=timedelta(minutes=1))
    assert aws.shown_time(made) == made


async def test_what_is_still_read_of_one_account_is_not_taken_for_the_next_one() -> None:
    asked, go_on = threading.Event(), threading.Event()

    class Slow(FakeReader):
        def role(self, name: str) -> Reading[Role]:
            asked.set()
            go_on.wait(LONG)
            return super().role(name)

    listed = [role("admin", inline=None, attached=None)]
    async with running(Slow(listed, details={"admin": role("admin", path="/former/")})) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        session, read = app.session, app.session.roles_read
        app._open_reader = lambda *_: FakeReader(listed, details={"admin": role("admin", path="/next/")})

        def path() -> str:
            known = session.role("admin")
            return known.path if known is not None else ""

        await until(pilot, asked.is_set)
        app.post_message(SwitchAccount("next", None))
        await until(pilot, lambda: path() == "/next/")
        go_on.set()
        await until(pilot, lambda: (late := read.get("admin")) and late.value and late.value.path == "/former/")
        assert path() == "/next/"
