"""Several accounts on the screens: one list, one account in view, lanes, fixes in two accounts, a comparison."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event, current_thread, main_thread

import pytest

from iam.sources.reader.opened import OpenedAccount
from screens.diagnose.steps import lanes_of
from screens.messages import DiagnoseText
from screens.plan.several import SeveralPlansScreen
from screens.roles.screen import RolesScreen
from tests.support.driving.seeing import line_with, running, screen_text, seen, set_filter, type_text, until
from tests.support.driving.waiting import LONG
from tests.support.organizations.generate import UNREAD, document, generate, role

CI, APP = "200000000001", "200000000002"
DENIED = (
    f"User: arn:aws:sts::{CI}:assumed-role/builder/x is not authorized to perform: sts:AssumeRole on resource: "
    f"arn:aws:iam::{APP}:role/landing"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = generate(0)
    trusting = document(
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{CI}:root"}, "Action": "sts:AssumeRole"}
    )
    closed = document({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    may = {account: document({"Effect": "Allow", "Action": action, "Resource": f"arn:aws:sqs:us-east-1:{account}:q"})
           for account, action in ((CI, "sqs:SendMessage"), (APP, ["sqs:SendMessage", "sqs:PurgeQueue"]))}  # fmt: skip
    for account in (CI, APP):
        made.roles[account] = [role(account, "twin", trusting, {"own": may[account]})]
    made.roles[CI].append(role(CI, "builder", trusting, {}))
    made.roles[APP].append(role(APP, "landing", closed, {}))
    return made.write(tmp_path_factory.mktemp("accounts") / "it")


def header(app: object) -> str:
    return screen_text(app).split("\n")[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_walk_over_two_accounts(folder: Path, size: tuple[int, int]) -> None:
    from iam.sources.organization.folder import open_folder

    opened = open_folder(folder).opened(CI)
    assert opened is not None
    async with running(opened.reader, size=size) as pilot:
        # One list, with the account of each role; the cursor's account is in view.
        await seen(pilot, "accounts (1 not read)")
        await seen(pilot, "landing")
        assert "ACCOUNT" in screen_text(pilot.app) and "account-02" in line_with(pilot.app, "landing")
        assert f"account-01 {CI}" in header(pilot.app)
        set_filter(pilot, "account:account-02")
        await seen(pilot, f"account-02 {APP}")
        await until(pilot, lambda: "builder" not in screen_text(pilot.app), "a list without builder")
        # The same role of two accounts compared: each number counts as its account's own.
        set_filter(pilot, "twin")
        await seen(pilot, "2 of")
        await pilot.press("g", "space", "space", "c")
        await seen(pilot, "Only twin (account-02) may")
        await seen(pilot, f"sqs:PurgeQueue on arn:aws:sqs:us-east-1:{CI}:q")
        await pilot.press("escape")
        # The accounts, and why one was not read; choosing one shows its roles.
        set_filter(pilot, "")
        await pilot.press("P")
        await seen(pilot, "13 accounts")
        await type_text(pilot, UNREAD)
        await seen(pilot, "not read: The role")
        await pilot.press("enter")
        await seen(pilot, "was not read: The role reader")
        await pilot.press("colon")
        await type_text(pilot, "account account-02")
        await seen(pilot, f"{APP}: its roles")
        await pilot.press("enter")
        await seen(pilot, f"account-02 {APP}")
        # A denial across both: a lane each, and each fix in its account with a text to send.
        pilot.app.post_message(DiagnoseText(DENIED))
        await seen(pilot, f"resource: account-02 {APP}")
        await seen(pilot, "admin in account-02")
        await pilot.press("f", "y")
        await seen(pilot, "a text to send to the owners")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_account_that_is_chosen_is_in_view_on_every_screen(folder: Path, size: tuple[int, int]) -> None:
    from iam.sources.organization.folder import open_folder

    opened = open_folder(folder).opened(CI)
    assert opened is not None
    async with running(opened.reader, size=size) as pilot:
        await seen(pilot, "landing")
        await pilot.press("P")
        await seen(pilot, "13 accounts")
        assert "enter go on" in line_with(pilot.app, "esc close")  # type: ignore[arg-type]
        await type_text(pilot, "account-02")
        await pilot.press("enter")
        await seen(pilot, f"account-02 {APP}")
        assert f"account-02 {APP}" in header(pilot.app)
        await seen(pilot, "▸ landing")  # the first of its roles
        for key, words in (("4", "SEVERITY"), ("0", "account-02"), ("5", "account-02"), ("1", "landing")):
            await pilot.press(key)
            await seen(pilot, words)
            assert f"account-02 {APP}" in header(pilot.app), key
        # Chosen again, from another screen and with a filter that leaves its roles out.
        set_filter(pilot, "landing")
        await pilot.press("4")
        await seen(pilot, "SEVERITY")
        await pilot.press("P")
        await seen(pilot, "13 accounts")
        await type_text(pilot, "account-01")
        await pilot.press("enter")
        await seen(pilot, f"account-01 {CI}")
        await seen(pilot, "builder")
        assert f"account-01 {CI}" in header(pilot.app)


def test_lanes_are_of_two_accounts_only() -> None:
    from diagnostics.diagnosis import Status, Step

    def step(id: str, account: str | None) -> Step:
        return Step(id, id, Status.PASS, "", account=account)

    assert lanes_of([step("identity", CI), step("resource", CI)], str) == ()
    lanes = lanes_of([step("text", None), step("identity", CI), step("resource", APP)], lambda id: f"n{id[-1]}")
    assert [lane.words for lane in lanes] == [f"caller: n1 {CI}", f"resource: n2 {APP}"]


async def test_a_comparison_whose_account_opens_late_does_not_cover_another_screen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from iam.sources.organization.folder import open_folder

    opened = open_folder(folder).opened(CI)
    assert opened is not None
    async with running(opened.reader) as pilot:
        roles = pilot.app.screen
        assert isinstance(roles, RolesScreen)
        accounts = roles.session.accounts
        assert accounts is not None
        await seen(pilot, "accounts (1 not read)")
        await until(pilot, lambda: not roles.accounts_left and any("/landing" in row.id for row in roles.sorted))
        roles.table.mark(
            frozenset(row.id for row in roles.sorted if row.id.endswith((":role/landing", ":role/builder")))
        )
        begun, go_on = Event(), Event()
        done: list[bool] = []

        def open_late(number: str) -> OpenedAccount | None:
            if current_thread() is not main_thread():  # where it is known already, it is asked for at once
                begun.set()
                go_on.wait(LONG)
            return open_folder(folder).opened(number)

        async def compare() -> None:
            await roles.action_compare()
            done.append(True)

        monkeypatch.setattr(accounts, "opened", open_late)
        roles.call_later(compare)
        assert await asyncio.to_thread(begun.wait, LONG)  # a Pilot would wait for the list, which waits for the account
        covering = SeveralPlansScreen(roles.session, ())
        await pilot.app.push_screen(covering)
        go_on.set()
        await until(pilot, lambda: done)
        await pilot.pause()
        assert pilot.app.screen is covering
