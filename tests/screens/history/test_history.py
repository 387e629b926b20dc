"""The history of a role and of the account, by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from screens.history.screen import HistoryScreen, role_history
from screens.role.versions import VersionsScreen
from tests.support.driving.seeing import running, seen, until
from tui.app import RolescopeApp

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


@SIZES
async def test_what_was_detached_is_shown_and_taken_back(
    demo_reader_as: Callable[..., object], size: tuple[int, int]
) -> None:
    async with running(demo_reader_as(None), size=size, wait_for="") as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await until(pilot, lambda: app.session.account and not app.session.loading)
        app.push_screen(role_history(app.session, "invoice-render-lambda"))
        await seen(pilot, "History of invoice-render-lambda")
        await seen(pilot, "detached report-export")
        await pilot.press("p")
        await seen(pilot, "AttachRolePolicy")


@SIZES
async def test_blame_names_the_change_of_a_statement(
    demo_reader_as: Callable[..., object], size: tuple[int, int]
) -> None:
    async with running(demo_reader_as(None), size=size, wait_for="") as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await until(pilot, lambda: app.session.account and not app.session.loading)
        app.push_screen(role_history(app.session, "release-manager"))
        await seen(pilot, "changed inline policy")
        await pilot.press("B")
        await seen(pilot, "PassApplicationRoles")
        await seen(pilot, "saml-admin/org-admin")


async def test_h_on_a_role_and_the_history_of_the_account(demo_reader_as: Callable[..., object]) -> None:
    async with running(demo_reader_as(None), size=(120, 40), wait_for="") as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await until(pilot, lambda: app.session.account and not app.session.loading)
        await pilot.press("h")
        await seen(pilot, "History of")
        await pilot.press("h")
        await seen(pilot, "History of the account")
        await seen(pilot, "made v4 the default")
        # What a change effected is of the history that is shown: read again, it may have other lines.
        screen = app.screen
        assert isinstance(screen, HistoryScreen)
        await until(pilot, lambda: screen._effects)
        screen._effects[-1] = screen._effects[0]
        await pilot.press("r")
        await until(pilot, lambda: -1 not in screen._effects)
        await pilot.press("escape", "escape")
        app.push_screen(VersionsScreen(app.session, "arn:aws:iam::111122223333:policy/report-export"))
        await seen(pilot, "report-export")
        await pilot.press("h")
        await seen(pilot, "detached report-export")
