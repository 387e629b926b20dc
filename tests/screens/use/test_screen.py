"""The ways into a role on the screen: the answer first, values told in place, a try."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from iam.credentials.profile_file import profile_change
from screens.session import Session
from tests.support.driving.seeing import line_with, running, screen_text, seen, type_text, until

ReaderAs = Callable[[str | None], Any]


@asynccontextmanager
async def ways_into(reader: Any, role: str, **options: Any) -> AsyncIterator[Pilot[None]]:
    async with running(reader, wait_for="", role=role, **options) as pilot:
        await until(pilot, lambda: pilot.app.session.account and not pilot.app.session.loading)  # type: ignore[attr-defined]
        await seen(pilot, "TRUST")
        await pilot.press("a")
        await seen(pilot, f"Use {role}")
        await seen(pilot, "METHOD")
        yield pilot


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_answer_is_the_first_thing_seen(demo_reader_as: ReaderAs, size: tuple[int, int]) -> None:
    async with ways_into(demo_reader_as("ben"), "break-glass-admin", size=size) as pilot:
        await seen(pilot, "You can, with this and an MFA code, unless")
        text = screen_text(pilot.app)  # type: ignore[arg-type]
        assert "--token-code MFA-CODE" in text and "The trust policy requires MFA" in text
        assert text.index("You can, with") < text.index("METHOD")


async def test_a_code_is_told_in_place_and_the_try_says_who_one_was(demo_reader_as: ReaderAs) -> None:
    async with ways_into(demo_reader_as("ben"), "break-glass-admin") as pilot:
        await pilot.press("i", "m")
        await seen(pilot, "six digits")
        await type_text(pilot, "123456")
        await pilot.press("enter")
        await seen(pilot, "set: an MFA code")
        assert "123456" not in screen_text(pilot.app)  # type: ignore[arg-type]
        await pilot.press("i", "f", "enter")
        await seen(pilot, "MFA-CODE")
        await pilot.press("T")
        await seen(pilot, "This is a break-glass role: why do you need it?")
        await type_text(pilot, "INC-42: database down")
        await pilot.press("enter")
        await seen(pilot, "mfa/ben shows now")
        await type_text(pilot, "123456")
        assert "123456" not in screen_text(pilot.app)  # type: ignore[arg-type]
        await pilot.press("enter")
        await seen(pilot, "Tried, and it works with an MFA code")
        assert "The reason is the session name" in screen_text(pilot.app)  # type: ignore[arg-type]
        await seen(pilot, "assumed-role/break-glass-admin/INC-42-database-down")
        await seen(pilot, "? keys")  # without another key
        assert "INC-42: database down" in screen_text(pilot.app)  # type: ignore[arg-type]


async def test_a_closed_way_says_what_is_in_the_way_and_no_try_is_made(demo_reader_as: ReaderAs) -> None:
    async with ways_into(demo_reader_as("alice"), "platform-operator") as pilot:
        await seen(pilot, "denied by: trust, trust policy of platform-operator, statement 1")
        await seen(pilot, "You cannot")
        await pilot.press("T")
        await seen(pilot, "Not tried")
        await pilot.press("y")
        await seen(pilot, "the command")
        assert "aws sts assume-role" in line_with(pilot.app, "the command")  # type: ignore[arg-type]


async def test_the_demos_sessions_are_no_use_to_a_shell(demo_reader_as: ReaderAs) -> None:
    async with ways_into(demo_reader_as(None), "release-manager", size=(80, 24)) as pilot:
        await seen(pilot, "You can, with this:")
        await pilot.press("dollar_sign")
        await seen(pilot, "work only inside rolescope")


async def test_a_profile_is_written_here_and_taken_back_by_a_later_run(
    demo_reader_as: ReaderAs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text("[default]\nregion = us-east-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    reader = demo_reader_as("ben")
    reader._kind = "aws"
    profile_change("first", "role_arn = arn:aws:iam::111122223333:role/first").write()  # an earlier run
    async with ways_into(reader, "platform-operator") as pilot:
        await pilot.press("M")
        await seen(pilot, "Name of the profile")
        await pilot.press("ctrl+u")
        await type_text(pilot, "second")
        await pilot.press("enter")
        await seen(pilot, "Nothing else in the file changes.")
        await pilot.press("enter")
        await seen(pilot, "Profile second was written")
        session: Session = pilot.app.session  # type: ignore[attr-defined]
        await until(pilot, lambda: len(session.written_profiles) == 2)
        both, session.written_profiles = session.written_profiles, ()  # as before the file has been read again
        await pilot.press("u")
        await seen(pilot, "Remove profile second")
        session.written_profiles = both
        await pilot.press("escape", "escape", "a")
        await seen(pilot, "METHOD")
        await pilot.press("u")
        await seen(pilot, "Which profile should be removed?")
        await pilot.press("j", "enter")
        await seen(pilot, "Remove profile first")
        await pilot.press("enter")
        await seen(pilot, "was restored")
        assert "[profile second]" in config.read_text() and "first" not in config.read_text()
        await pilot.press("5")
        await seen(pilot, "Profile second in")
        await pilot.press("enter")
        await seen(pilot, "Remove profile second")
        await pilot.press("enter")
        await until(pilot, lambda: config.read_text() == "[default]\nregion = us-east-1\n")
        await until(pilot, lambda: not pilot.app.session.written_profiles)  # type: ignore[attr-defined]


async def test_a_chain_is_tried_hop_by_hop(demo_reader_as: ReaderAs) -> None:
    async with ways_into(demo_reader_as("ben"), "ds-notebook") as pilot:
        await seen(pilot, "You cannot assume the role directly, but you may reach it through platform-operator")
        await pilot.press("T")
        await seen(pilot, "Calls sts:AssumeRole 2 times, from role to role")
        assert "Tried" not in screen_text(pilot.app)  # type: ignore[arg-type]
        await pilot.press("y")
        await seen(pilot, "Tried, and it works: the session was")
        await seen(pilot, "assumed-role/ds-notebook/")


@pytest.mark.parametrize(
    ("role", "who", "says"),
    [
        ("platform-operator", "alice", "sts:AssumeRole on arn"),
        ("search-podid", "pods.eks.amazonaws.com", "sts:TagSession on arn"),
    ],
)
async def test_a_closed_way_leads_to_what_would_let_it_in(
    demo_reader_as: ReaderAs, role: str, who: str, says: str
) -> None:
    async with ways_into(demo_reader_as("alice"), role) as pilot:
        await seen(pilot, "d: what would allow it")
        await pilot.press("d")
        await seen(pilot, says)
        await seen(pilot, "FIX 1")
        assert who in screen_text(pilot.app)  # type: ignore[arg-type]
