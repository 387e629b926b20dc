"""The review of all accounts, by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.driving.seeing import running, screen_text, seen, type_text
from tests.support.organizations.generate import UNREAD, document, generate, role
from tui.app import RolescopeApp

CI, APP = "200000000001", "200000000002"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = generate(0)
    trust = document(
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::464622532012:root"}, "Action": "sts:AssumeRole"}
    )
    everything = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    for account in (CI, APP):
        made.roles[account] = [role(account, "vendor-wide", trust, {"all": everything})]
    return made.write(tmp_path_factory.mktemp("several") / "it")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_pattern_of_two_accounts_leads_to_the_role_of_one(folder: Path, size: tuple[int, int]) -> None:
    from iam.sources.organization.folder import open_folder

    opened = open_folder(folder).opened(CI)
    assert opened is not None
    async with running(opened.reader, size=size) as pilot:
        await pilot.press("4")
        await seen(pilot, "all accounts")
        await pilot.press("asterisk")
        await seen(pilot, "12 accounts: ")
        await seen(pilot, "1 account not read") if size[0] == 120 else await seen(pilot, "1 account not re")
        await pilot.press("slash")
        await type_text(pilot, "rule:permissions.admin")
        await seen(pilot, "1 of ")
        assert "2 roles" in screen_text(pilot.app)
        await pilot.press("enter", "right", "down", "down")
        await seen(pilot, "account-02  vendor-wide")
        await pilot.press("left")
        await seen(pilot, "[+] 2 roles")
        await pilot.press("right", "down", "down", "enter")
        await seen(pilot, f"account-02 {APP}")
        await seen(pilot, "TRUST")
        await pilot.press("escape")
        await seen(pilot, "2 roles")
        # A word of the filter finds who is let in, and the note says by which page.
        await pilot.press("escape")
        await pilot.press("slash")
        await type_text(pilot, "outside datadog")
        await pilot.press("enter")
        await seen(pilot, "Datadog publishes this account: https://docs.datadoghq.com")
        assert "Open to Datadog" in screen_text(pilot.app)
        await pilot.press("exclamation_mark")
        await seen(pilot, "What could not be read")
        await seen(pilot, f"account-{UNREAD[-2:]}: The account was not read: The role reader")
        await pilot.press("escape", "escape", "escape")
        await seen(pilot, "SEVERITY")


async def test_one_account_has_no_others_to_review(demo_reader_as: Callable[..., object]) -> None:
    async with running(demo_reader_as(None)) as pilot:
        await pilot.press("4")
        await seen(pilot, "SEVERITY")
        await pilot.press("asterisk")
        await seen(pilot, "Only one account is open")


async def test_a_file_of_accepted_findings_that_cannot_be_read_is_said(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from iam.sources.organization.folder import open_folder

    opened = open_folder(folder).opened(CI)
    assert opened is not None
    async with running(opened.reader) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        monkeypatch.chdir(tmp_path)  # the message names the file by a path that is not too long for its line
        app.session.accepted_path = Path("accepted.toml")
        app.session.accepted_path.write_text("not TOML")
        await pilot.press("4")
        await seen(pilot, "all accounts")
        await pilot.press("asterisk")
        await seen(pilot, "accepted.toml")
