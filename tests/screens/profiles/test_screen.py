"""The list of profiles: found, filtered, signed in to, opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from iam.credentials.profiles import last_profiles, remember_profiles
from tests.support.accounts.aws_home import aws_home
from tests.support.accounts.sso_server import CODE, LINK, sso_server
from tests.support.driving.seeing import line_with, running, screen_text, seen, type_text, until


async def test_who_has_to_sign_in_does_so_here_and_the_profile_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws_home(tmp_path, monkeypatch)
    with sso_server() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSO_OIDC", server.url)
        server.errors = ["AuthorizationPendingException"] * 1000
        async with running(size=(80, 24)) as pilot:
            app = pilot.app
            await pilot.press("P")
            await seen(pilot, "acme-prod")
            assert "not signed in" in line_with(app, "acme-prod")
            assert "expired" in line_with(app, "old-session") and "extra" in line_with(app, "aws login")
            await pilot.press("tab")
            await type_text(pilot, "deployer")
            await until(pilot, lambda: "old-session" not in screen_text(app))
            await pilot.press("enter")
            await seen(pilot, LINK)
            await seen(pilot, CODE)
            server.errors.clear()  # the browser confirmed it
            await until(pilot, lambda: app.options.profile == "acme-prod")
            assert not app.options.demo
            await pilot.press("P")
            await seen(pilot, "open now, until")


async def test_a_name_that_the_list_does_not_have_is_opened_as_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws_home(tmp_path, monkeypatch)
    async with running(size=(120, 40)) as pilot:
        await pilot.press("P")
        await seen(pilot, "acme-prod")
        await pilot.press("s")
        await seen(pilot, "does not use IAM Identity Center")
        await pilot.press("tab")
        await type_text(pilot, "elsewhere")
        await seen(pilot, "No profile matches")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.options.profile == "elsewhere")


async def test_a_number_opens_one_of_those_used_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aws_home(tmp_path, monkeypatch)
    remember_profiles(("gone", "anywhere", "made"))
    async with running(size=(120, 40)) as pilot:
        app = pilot.app
        await pilot.press("P")
        await seen(pilot, "1  made")
        assert "2  anywhere" in screen_text(app)
        await pilot.press("2")
        await until(pilot, lambda: app.options.profile == "anywhere")
        await until(pilot, lambda: last_profiles()[0] == "anywhere")
        await pilot.press("P")
        await seen(pilot, "1  made")  # the one before
        assert "open now" in line_with(app, "anywhere")
        await pilot.press("tab")
        await type_text(pilot, "1z")
        await seen(pilot, "No profile matches")
