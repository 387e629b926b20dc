"""Roles and Role on the demo account, as its users see it: one application, many keys."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from screens.widgets.document import DocumentView
from screens.widgets.table import VirtualTable
from tests.support.driving.seeing import gone, line_with, running, screen_text, seen, set_filter, until


def table(pilot: Pilot[None]) -> VirtualTable:
    return pilot.app.screen.query_one("#roles", VirtualTable)


def names(pilot: Pilot[None]) -> list[str]:
    return [row.id for row in table(pilot).rows]


@asynccontextmanager
async def as_user(
    demo_reader_as: Callable[..., object], user: str | None, **options: object
) -> AsyncIterator[Pilot[None]]:
    async with running(demo_reader_as(user), wait_for="", **options) as pilot:  # type: ignore[arg-type]  # a size
        await until(pilot, lambda: pilot.app.session.account and not pilot.app.session.loading)  # type: ignore[attr-defined]
        await seen(pilot, "TRUST" if options.get("role") else "roles ·")
        yield pilot


async def test_every_filter_word(demo_reader_as: Callable[..., object]) -> None:
    found = {
        "orders": (4, "orders-api-lambda"),
        "trust:lambda": (3, "kms-reports-reader"),
        "trust:github": (2, "gha-plan-readonly"),
        "tag:team=storefront": (None, "gha-deploy-storefront"),
        "policy:AmazonAthena": (None, "AWSReservedSSO_DataAnalyst_0a1b2c3d4e5f6789"),
        "action:dynamodb:PutItem trust:lambda": (None, "orders-api-lambda"),
        "unused:180d": (None, "legacy-ftp-sync"),
        "boundary:none trust:codebuild": (0, ""),
        "boundary:Developer": (None, "ci-pipeline-builder"),
        "is:service-linked": (2, "AWSServiceRoleForECS"),
        "is:mine path-of-nobody": (0, ""),
    }
    async with as_user(demo_reader_as, None) as pilot:
        screen = pilot.app.screen
        for words, (count, one) in found.items():
            set_filter(pilot, words)
            await until(pilot, lambda words=words: screen.filter_words == words)  # type: ignore[attr-defined, misc]
            await gone(pilot, "searched ...")
            await seen(pilot, "of 32 roles")
            if one:
                await until(pilot, lambda one=one: one in names(pilot), words)  # type: ignore[misc]  # bound now
            assert len(names(pilot)) < 32, words
            if count is not None:
                await until(pilot, lambda count=count: len(names(pilot)) == count, words)  # type: ignore[misc]
        for words, said in (("trust:", "trust: needs a word"), ("nokey:x", "no filter word nokey:")):
            set_filter(pilot, words)
            await seen(pilot, said)


async def test_every_key_of_roles(demo_reader_as: Callable[..., object]) -> None:
    async with as_user(demo_reader_as, None) as pilot:
        cursor = lambda: table(pilot).cursor  # noqa: E731
        page = table(pilot).size.height - 1
        for key, where in (
            ("j", 1), ("down", 2), ("k", 1), ("G", 31), ("g", 0), ("ctrl+d", page // 2), ("ctrl+u", 0),
            ("pagedown", page), ("pageup", 0), ("end", 31), ("home", 0),
        ):  # fmt: skip
            await pilot.press(key)
            await until(pilot, lambda where=where: cursor() == where)
        for sorted_by in ("trusted principal", "last use", "number of policies", "boundary", "name"):
            await pilot.press("s")
            await seen(pilot, f"sorted by {sorted_by}")
        before = names(pilot)
        await pilot.press("S")
        mine = [name for name in before if not name.startswith("AWS")]
        assert names(pilot) == [*reversed(mine), *reversed(before[len(mine) :])]  # AWS's own stay last
        await pilot.press("S", "g", "space", "space")
        await seen(pilot, "2 marked")
        await pilot.press("c")
        await seen(pilot, f"{before[0]}  and  {before[1]}")
        await pilot.press("escape")
        await seen(pilot, "2 marked")
        for key, words in (
            ("?", "Each word of the filter narrows the list"), ("!", "What went wrong"), (":", "Command or role"),
            ("y", "Copy"), ("e", "Markdown"), ("P", "Profile and region"),
        ):  # fmt: skip
            await pilot.press(key)
            await seen(pilot, words)
            await pilot.press("escape")
            await gone(pilot, words)
        await pilot.press("r")
        await seen(pilot, "Reading the account again")
        await until(pilot, lambda: not pilot.app.session.loading)  # type: ignore[attr-defined]  # the application
        assert len(names(pilot)) == 32
        await pilot.press("d")
        await seen(pilot, "2 Diagnose")
        await pilot.press("escape")
        for key, words in (("5", "5 Activity"), ("1", "1 Roles")):
            await pilot.press(key)
            await until(pilot, lambda words=words: words in screen_text(pilot.app).split("\n")[0])  # type: ignore[misc]


async def test_every_key_of_role(demo_reader_as: Callable[..., object]) -> None:
    async with as_user(demo_reader_as, None, size=(80, 24), role="web-frontend-ec2") as pilot:
        await seen(pilot, "TRUST")
        await seen(pilot, "app-assets-read")
        view = pilot.app.focused
        assert isinstance(view, DocumentView)
        await seen(pilot, "Lets the service ec2.amazonaws.com assume this role")
        if view.in_words:  # as it is at first where the terminal is narrow
            await pilot.press("b")
        assert view.document is not None
        last = view.document.text.count("\n")
        await pilot.press("g")
        assert view.cursor == 0
        await pilot.press("j", "j", "k")
        assert view.cursor == 1
        await pilot.press("G")
        assert view.cursor == last
        await pilot.press("ctrl+u")
        assert view.cursor < last
        half = view.cursor
        await pilot.press("ctrl+d")
        assert view.cursor > half
        policies = pilot.app.screen.query_one("#permissions-list", VirtualTable)
        chosen = policies.cursor
        await pilot.press("]")
        assert policies.cursor == chosen + 1
        await pilot.press("[")
        assert policies.cursor == chosen
        for key, words in (
            ("w", "Who can assume"), ("v", "of 5"), ("l", "services it used"), ("I", "instance profiles  web-"),
            ("R", "denials"), ("y", "Copy"), ("e", "Markdown"), ("?", "This screen"), (":", "Command or role"),
            ("!", "What went wrong"), ("P", "Profile and region"),
        ):  # fmt: skip
            await pilot.press(key)
            await seen(pilot, words)
            while pilot.app.screen.query("#trust") == [] or len(pilot.app.screen_stack) > 2:
                await pilot.press("escape")
            await seen(pilot, "TRUST")
        for key, words in (("t", "Tags"), ("x", "elete")):
            await pilot.press(key)
            await until(pilot, lambda: len(pilot.app.screen_stack) > 2, key)
            await seen(pilot, words)
            while len(pilot.app.screen_stack) > 2:
                await pilot.press("escape")
        await pilot.press("d")
        await until(pilot, lambda: pilot.app.current_mode == "diagnose")
        await seen(pilot, "web-frontend-ec2")
        await pilot.press("escape", "1")
        await seen(pilot, "TRUST")
        await pilot.press("n")
        await until(pilot, lambda: pilot.app.current_mode == "create")
        await pilot.press("escape", "1")
        await seen(pilot, "TRUST")
        await pilot.press("escape")
        await seen(pilot, "32 roles")


async def test_carla_lists_names_only_and_what_is_not_known_is_not_taken_for_none(
    demo_reader_as: Callable[..., object],
) -> None:
    async with as_user(demo_reader_as, "carla") as pilot:
        await seen(pilot, "2 not read")
        await until(pilot, lambda: re.search(r"CodeBuild +\? +\? +\?", line_with(pilot.app, "ci-pipeline-builder")))
        set_filter(pilot, "boundary:none")
        await seen(pilot, "not read yet, so not counted")
        assert "ci-pipeline-builder" not in names(pilot)
        set_filter(pilot, "ci-pipe")
        await seen(pilot, "1 of 32 roles")
        # The cursor stands on it: its details are read, and its row tells them.
        await until(pilot, lambda: re.search(r"CodeBuild +30 min +1 +DeveloperB", line_with(pilot.app, "▸ ci-pipe")))
        set_filter(pilot, "boundary:Developer")
        await until(pilot, lambda: names(pilot) == ["ci-pipeline-builder"])
        await pilot.press("!")
        await seen(pilot, "iam:GetAccountAuthorizationDetails")
        await seen(pilot, "costs: permissions are read one role at a time")


@pytest.mark.parametrize("user", ["ci-legacy", "dora"])
async def test_who_may_list_nothing_is_told_why_and_the_way_on(
    demo_reader_as: Callable[..., object], user: str
) -> None:
    async with as_user(demo_reader_as, user, size=(80, 24)) as pilot:
        await seen(pilot, "because they could not be listed")
        text = " ".join(screen_text(pilot.app).split())
        assert "iam:ListRoles" in text
        assert "2 still explains a pasted error" in text
        await seen(pilot, "11 not read")
        for key, objection in (("d", "Choose a role first"), ("y", "Choose a role first"), ("c", "Mark two roles")):
            await pilot.press(key)
            await seen(pilot, objection)
        await pilot.press("!")
        await seen(pilot, "costs:")


async def test_ben_sees_all_but_the_organization(demo_reader_as: Callable[..., object]) -> None:
    async with as_user(demo_reader_as, "ben") as pilot:
        await seen(pilot, "1 not read")
        await until(pilot, lambda: "DeveloperBoundary" in line_with(pilot.app, "ci-pipeline-builder"), "the boundary")
        await pilot.press("!")
        await seen(pilot, "costs: service and resource control policies are unknown")


async def test_what_a_role_used_leads_to_a_draft_and_its_plan(demo_reader_as: Callable[..., object]) -> None:
    async with as_user(demo_reader_as, None, size=(80, 24), role="release-manager") as pilot:
        await pilot.press("l")
        await seen(pilot, "of 2 allowed services used")
        await pilot.press("l")
        await seen(pilot, "1 recorded call still allowed, 0 refused, 7 of 9 actions removed")
        await seen(pilot, "nothing newly allowed")
        assert "narrowed" in line_with(pilot.app, "inline")
        await pilot.press("I")
        await seen(pilot, "All that was found")
        await pilot.press("escape", "p")
        await seen(pilot, "Plan, 1 call, no calls made yet")
        await seen(pilot, "PutRolePolicy")
