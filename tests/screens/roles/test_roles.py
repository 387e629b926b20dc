"""The list of roles, by what an operator sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from diagnostics.use.side import calling_side
from diagnostics.use.way import SessionValues
from diagnostics.use.ways import role_ways
from iam.account import Account, AttachedPolicy, InlinePolicy, LastUsed, Unreadable
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.reading import Reading
from screens.roles import screen as roles_screen
from screens.widgets.table import VirtualTable
from tests.support.accounts.fake_reader import BASIC_EXECUTION, BOUNDARY, NOW, ROLES, FakeReader, allow, document, role
from tests.support.driving.seeing import gone, line_with, running, screen_text, seen, set_filter, type_text, until
from tests.support.driving.waiting import LONG
from tests.support.timing import within_yards
from tui.app import RolescopeApp

WIDE, SMALL = (120, 40), (80, 24)
ALLOWS_MUCH = document(allow([f"sqs:Do{number}Something" for number in range(9)], "*"))


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_lists_every_role_with_its_columns(size: tuple[int, int]) -> None:
    async with running(size=size) as pilot:
        text = screen_text(pilot.app)
        for column in ("NAME", "TRUSTED BY", "LAST USED", "POLICIES", "BOUNDARY"):
            assert column in text
        assert [word in line_with(pilot.app, "orders-api-lambda") for word in ("Lambda", "1 min", "2")] == [True] * 3
        assert "this account" in line_with(pilot.app, "break-glass-admin")
        assert ">400 d" in line_with(pilot.app, "break-glass-admin")
        assert "Develop" in line_with(pilot.app, "ci-pipeline-builder")


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_header_says_account_caller_region_source_and_rights(size: tuple[int, int]) -> None:
    denied = Unreadable("organizations:DescribeOrganization", "AccessDenied", "SCPs are not known")
    async with running(FakeReader(unreadable=[denied]), size=size) as pilot:
        header = screen_text(pilot.app).split("\n")[0]
        for word in ("harbor-prod", "111122223333", "carla", "us-east-1", "demo", "WRITE", "! 1 not read"):
            assert word in header


async def test_a_snapshot_is_read_only_and_aws_without_write_too() -> None:
    for kind, options, expected in (
        ("snapshot", {}, "READ-ONLY"),
        ("snapshot", {"write": True}, "READ-ONLY"),
        ("aws", {}, "READ-ONLY"),
        ("aws", {"write": True}, "WRITE"),
        ("demo", {}, "WRITE"),
    ):
        async with running(FakeReader(kind=kind), **options) as pilot:
            assert expected in screen_text(pilot.app).split("\n")[0], (kind, options)


async def test_preview_shows_trust_and_permissions_of_the_role_under_the_cursor() -> None:
    async with running() as pilot:
        await type_text(pilot, "/orders")
        await pilot.press("enter")
        await seen(pilot, "dynamodb:Query")
        text = screen_text(pilot.app)
        assert "lambda.amazonaws.com" in text
        assert "AWSLambdaBasicExecutionRole" in text and "aws-managed" in text
        assert "orders-table-rw" in text and "inline" in text


async def test_where_the_terminal_is_low_lines_that_the_list_leaves_free_say_who_and_what() -> None:
    async with running(size=SMALL) as pilot:
        await type_text(pilot, "/orders")
        await pilot.press("enter")
        await seen(pilot, "TRUST Lets the service lambda.amazonaws.com assume this role.")
        await seen(pilot, "MAY   Allows")
        await seen(pilot, "table/orders.")
        assert "PERMISSIONS" not in screen_text(pilot.app)
    many = tuple(role(f"r{number}", inline=(InlinePolicy("all", ALLOWS_MUCH),)) for number in range(40))
    async with running(FakeReader(many), size=SMALL) as pilot:
        await seen(pilot, "MAY   Allows")
        rows = screen_text(pilot.app).split("\n")
        at = next(number for number, row in enumerate(rows) if "MAY   " in row)
        assert rows[at].rstrip().endswith("…") and "TRUST" in rows[at - 1] and " r" in rows[at - 2]


async def test_the_two_lines_name_the_boundary_as_a_limit_and_what_was_not_read() -> None:
    inline = (InlinePolicy("send", document(allow("sqs:SendMessage", "*"))),)
    limited = role("r", inline=inline, boundary_arn=BOUNDARY.arn)
    async with running(FakeReader((limited,)), size=SMALL) as pilot:
        await seen(pilot, "MAY   Within the boundary DeveloperBoundary: Allows sqs:SendMessage")
    hidden = (AttachedPolicy("hidden", "arn:aws:iam::111122223333:policy/hidden"),)
    async with running(FakeReader((role("r", attached=hidden),)), size=SMALL) as pilot:
        await seen(pilot, "MAY   Not read: hidden.")


async def test_a_key_of_a_role_acts_on_the_row_of_the_list() -> None:
    async with running() as pilot:
        await type_text(pilot, "/orders")
        await pilot.press("enter", "w")
        await seen(pilot, "can assume")
        await pilot.press("escape", "x")
        await seen(pilot, "Delete orders-api-lambda")


async def test_filter_narrows_says_how_many_and_escape_shows_all() -> None:
    async with running() as pilot:
        await type_text(pilot, "/trust:ec2")
        await seen(pilot, "1 of 5 roles")
        assert "web-frontend-ec2" in screen_text(pilot.app)
        await gone(pilot, "break-glass-admin")
        await pilot.press("escape")
        await seen(pilot, "5 roles")
        assert line_with(pilot.app, "break-glass-admin")


async def test_filter_that_matches_nothing_says_so() -> None:
    async with running() as pilot:
        await type_text(pilot, "/nothing-like-it")
        await seen(pilot, "No role matches nothing-like-it")
        await pilot.press("enter", "enter", "d", "y")
        assert "Choose a role first" in screen_text(pilot.app)


@pytest.mark.parametrize("first_late", [False, True])
async def test_no_number_of_roles_is_told_before_their_rows_are_made(
    monkeypatch: pytest.MonkeyPatch, first_late: bool
) -> None:
    class FirstNone(FakeReader):
        def accounts(self) -> Iterator[Account]:
            yield self.account(0, "0 roles read")
            assert not first_late or begun.wait(LONG)
            yield self.account(len(self.roles), None)

    begun, whole, made, make_rows = Event(), Event(), Event(), roles_screen.make_rows

    def late(account: Account, *rest: Any) -> Any:
        begun.set()
        assert (not first_late or whole.wait(LONG)) if account.progress else made.wait(LONG)
        return make_rows(account, *rest)

    monkeypatch.setattr(roles_screen, "make_rows", late)
    async with running(FirstNone(), wait_for="reading the account") as pilot:
        await until(pilot, lambda: pilot.app.session.account and not pilot.app.session.loading)  # type: ignore[attr-defined]
        whole.set()
        await seen(pilot, "Reading the")
        await pilot.pause()
        await pilot.press("enter")
        await seen(pilot, "There is nothing to open: Reading the")
        assert "0 roles" not in screen_text(pilot.app) and "sorted by" not in screen_text(pilot.app)
        made.set()
        await seen(pilot, f"{len(ROLES)} roles")


async def test_invalid_filter_word_says_what_is_wrong() -> None:
    async with running() as pilot:
        await type_text(pilot, "/unused:soon")
        await seen(pilot, "unused:soon is not a time")


async def test_action_filter_reads_documents_in_a_worker() -> None:
    reader = FakeReader()
    async with running(reader) as pilot:
        await type_text(pilot, "/action:logs:PutLogEvents")
        await seen(pilot, "1 of 5 roles")
        assert "orders-api-lambda" in screen_text(pilot.app)
        assert BASIC_EXECUTION.arn in reader.asked
        await pilot.press("escape")
        await type_text(pilot, "/action:s3:GetObject")
        await seen(pilot, "1 of 5 roles")
        assert "web-frontend-ec2" in screen_text(pilot.app)


async def test_sorts_by_the_next_column_and_the_other_way() -> None:
    async with running() as pilot:
        names = lambda: [row.id for row in pilot.app.screen.query_one("#roles", VirtualTable).rows]  # noqa: E731
        by_name = names()
        assert by_name == [*sorted(by_name[:-1], key=str.lower), "AWSServiceRoleForECS"]  # AWS's own is last
        await pilot.press("s", "s")
        assert names()[0] == "orders-api-lambda"  # used most recently
        await seen(pilot, "sorted by last use")
        await pilot.press("S")
        assert names()[-2:] == ["orders-api-lambda", "AWSServiceRoleForECS"]


async def test_compare_needs_two_marked_roles_and_shows_both() -> None:
    async with running() as pilot:
        await pilot.press("c")
        await seen(pilot, "Mark two roles")
        await pilot.press("g", "down", "down", "space", "space", "c")
        await seen(pilot, "orders-api-lambda  and  web-frontend-ec2")
        text = screen_text(pilot.app)
        assert "lambda.amazonaws.com" in text and "ec2.amazonaws.com" in text
        assert "f all lines" in text and "Differences in facts and documents" in text
        await pilot.press("f")
        await seen(pilot, "f only differences")
        assert "Differences in facts" not in screen_text(pilot.app)
        await pilot.press("escape")
        await seen(pilot, "2 marked")


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_marked_roles_that_the_filter_hides_are_counted_named_and_unmarked(size: tuple[int, int]) -> None:
    async with running(size=size) as pilot:
        await pilot.press("g", "down", "down", "space", "space")
        await seen(pilot, "esc unmark 2")
        set_filter(pilot, "orders-api")
        await seen(pilot, "2 marked, 1 hidden")
        await seen(pilot, "esc clear filter")
        await pilot.press("m")
        await seen(pilot, "Change 2 marked roles: orders-api-lambda, web-frontend-ec2")
        await pilot.press("escape")
        await gone(pilot, "Change 2 marked roles")
        await pilot.press("escape")  # the filter goes first, then the marks
        await seen(pilot, "esc unmark 2")
        await pilot.press("escape")
        await gone(pilot, "2 marked")
        assert not table_of(pilot.app.screen).marked
        await pilot.press("escape")
        await seen(pilot, "This is the first screen: q quits.")


async def test_compare_says_first_what_only_one_may(demo_reader: AwsReader) -> None:
    async with running(demo_reader) as pilot:
        table = table_of(pilot.app.screen)
        await seen(pilot, "32 roles")
        table.mark(frozenset(("orders-ecs-execution", "orders-ecs-task")))
        await pilot.press("c")
        await seen(pilot, "Only orders-ecs-execution may")
        await seen(pilot, "Only orders-ecs-task may")
        await pilot.press("X")
        await seen(pilot, "orders-ecs-task  and  orders-ecs-execution")


async def test_rows_appear_while_the_account_is_read() -> None:
    import threading

    go_on = threading.Event()

    class Slow(FakeReader):
        def accounts(self):  # type: ignore[no-untyped-def]  # as the base's
            yield self.account(2, "2 roles so far")
            go_on.wait(120)
            yield self.account(5, None)

    async with running(Slow(), wait_for="2 roles so far") as pilot:
        await seen(pilot, "orders-api-lambda")
        assert not line_with(pilot.app, "break-glass-admin")
        go_on.set()
        await seen(pilot, "break-glass-admin")


async def test_moving_on_loads_details_only_for_where_the_cursor_stays() -> None:
    names = [f"role-{number:02}" for number in range(30)]
    bare = [role(name, inline=None, attached=None) for name in names]
    details = {name: role(name) for name in names}
    reader = FakeReader(bare, details=details)
    async with running(reader) as pilot:
        await until(pilot, lambda: reader.asked == ["role-00"])
        for _ in range(20):  # as fast as a held key: the Pilot's own key presses pause in between
            table_of(pilot.app.screen).action_down()
        await until(pilot, lambda: "role-20" in reader.asked)
        assert len(reader.asked) <= 4
        await seen(pilot, "No policies are attached")


async def test_a_role_whose_details_are_denied_says_so_and_is_not_taken_for_empty() -> None:
    class Denied(FakeReader):
        def role(self, name: str) -> Reading:  # type: ignore[type-arg]  # of a Role
            return Reading("iam:GetRole", why="carla may not iam:GetRole")

    async with running(Denied([role("shut", inline=None, attached=None)])) as pilot:
        await seen(pilot, "could not be read: carla may not")
        assert "No policies are attached" not in screen_text(pilot.app)
        assert "!" in screen_text(pilot.app).split("\n")[0]


async def test_the_start_filter_and_role_of_the_command_line() -> None:
    async with running(filter="web") as pilot:
        await seen(pilot, "1 of 5 roles")
    async with running(role="web-frontend-ec2", wait_for="instance profiles") as pilot:
        await seen(pilot, "app-assets-read")
        await seen(pilot, "created 20")


async def test_reading_again_keeps_the_cursor_and_the_filter() -> None:
    async with running() as pilot:
        await type_text(pilot, "/e")
        await pilot.press("enter", "j", "j")
        table = pilot.app.screen.query_one("#roles", VirtualTable)
        before = table.row
        await pilot.press("r")
        await seen(pilot, "Reading the account again")
        await pilot.press("left")
        await seen(pilot, "sorted by")
        assert table.row == before and before is not None


async def test_ten_thousand_roles_are_filtered_at_once() -> None:
    many = [
        role(f"team{number % 50}-service-{number:05}", tags={"team": f"t{number % 50}"}) for number in range(10_000)
    ]
    async with running(FakeReader([*many, *ROLES])) as pilot:
        await seen(pilot, "10,005 roles")
        screen = pilot.app.screen
        set_filter(pilot, "tag:team=t7 service")
        await seen(pilot, "of 10,005 roles")
        for words in ("t", "te", "tea", "team7-", "team7-s", "trust:lambda team7"):
            screen.filter_words = words  # type: ignore[attr-defined]  # the roles screen
            with within_yards(60):  # at most 10 with a quiet processor, which is 50 ms
                screen.narrow()  # type: ignore[attr-defined]  # the roles screen
        await pilot.press("G")
        await pilot.pause()
        assert table_of(screen).cursor == len(table_of(screen).rows) - 1
        await gone(pilot, "No role matches")


def table_of(screen: object) -> VirtualTable:
    return screen.query_one("#roles", VirtualTable)  # type: ignore[attr-defined, no-any-return]  # a screen


async def test_what_is_typed_right_after_a_key_goes_where_the_key_leads() -> None:
    """Over SSH several keys arrive at once: none of them may act as a command of the screen before."""
    from textual import events

    def together(pilot, text: str) -> None:  # type: ignore[no-untyped-def]  # a Pilot
        names = {"/": "slash", ":": "colon", " ": "space"}
        for sign in text:
            pilot.app.post_message(events.Key(names.get(sign, sign), sign))

    async with running() as pilot:
        together(pilot, "/orders")
        await seen(pilot, "1 of 5 roles")
        # Another filter replaces the one in force, and escape restores that.
        await pilot.press("enter")
        together(pilot, "/web")
        await seen(pilot, "/ web")
        await seen(pilot, "esc former filter")
        await pilot.press("escape")
        await seen(pilot, "/ orders")
        await pilot.press("escape")
        await seen(pilot, "/ filter")
        together(pilot, ":role web-frontend-ec2")
        await seen(pilot, "open this role")
        await pilot.press("enter")
        await seen(pilot, "instance profiles web-frontend-ec2")


async def test_an_account_that_cannot_be_read_says_why_and_the_way_out_and_can_be_tried_again() -> None:
    reader = FakeReader(failure="The credentials of the profile x have expired: run `aws sso login --profile x`.")
    async with running(reader, size=SMALL, wait_for="no account") as pilot:
        await seen(pilot, "run `aws sso login")
        await seen(pilot, "r tries again")
        reader.failure = ""
        await pilot.press("r")
        await seen(pilot, "orders-api-lambda")


def test_a_role_that_was_read_hours_after_the_account_was_used_in_the_past() -> None:
    """Its row was made when it was opened; it had been used since the account was read."""
    account = FakeReader().account(len(ROLES), None)
    used = replace(ROLES[0], last_used=LastUsed(NOW + timedelta(hours=2), "us-east-1"))
    row = roles_screen.make_row(used, account, NOW + timedelta(hours=5), "")
    assert row.cells[2] == "3 h"


async def test_roles_of_aws_are_last_and_can_and_saved_filters_narrow(demo_reader: AwsReader, tmp_path: Path) -> None:
    async with running(demo_reader) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        app.session.filters_path = tmp_path / "filters.toml"
        screen, table = app.screen, table_of(app.screen)
        names = [row.id for row in table.rows]
        owned = [role.name for role in app.session.account.roles if role.service_owned]  # type: ignore[union-attr]
        assert owned and sorted(names[-len(owned) :], key=str.lower) == sorted(owned, key=str.lower)
        set_filter(pilot, "can:iam:permissions is:mine")
        able = {"break-glass-admin", "ci-pipeline-builder", "ds-notebook", "saml-admin"}
        await until(pilot, lambda: {row.id for row in table.rows} == able, "those who may change permissions")
        await pilot.press("F")
        await seen(pilot, "Save this filter")
        await pilot.press("enter")
        await seen(pilot, "a name for can:iam:permissions")
        await pilot.press(*"admins", "enter")
        await seen(pilot, "Saved as admins")
        assert (tmp_path / "filters.toml").read_text() == '"admins" = "can:iam:permissions is:mine"\n'
        set_filter(pilot, "can:nosuch:write")
        await seen(pilot, "No action that AWS lists matches")
        await pilot.press("F")
        await seen(pilot, "Delete a saved filter")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen and len(table.rows) == 4, "the saved filter")


async def test_the_filter_puts_the_cursor_on_the_closest_name() -> None:
    roles = [
        role("a-reader", tags={"team": "platform"}),
        role("my-platform", tags={}),
        role("platform-operator", tags={}),
        role("platform", tags={}),
    ]
    async with running(FakeReader(roles=roles)) as pilot:
        table = pilot.app.screen.query_one("#roles", VirtualTable)
        for words, closest in (("pl", "platform"), ("platform-", "platform-operator"), ("platform", "platform")):
            set_filter(pilot, words)
            await pilot.pause()
            assert table.row is not None and table.row.id == closest, words


async def test_the_roles_that_one_may_assume_are_those_with_a_way(
    demo_reader: AwsReader,
) -> None:
    async with running(demo_reader) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp) and app.session.account is not None
        app.screen.action_assumable()  # type: ignore[attr-defined]  # the roles' screen
        await until(pilot, lambda: 0 < len(table_of(app.screen).rows) < 10, "the roles that org-admin may assume")
        account = app.session.account
        side = calling_side(account, demo_reader)
        open_to = {
            each.name for each in account.roles if role_ways(each, side, account, SessionValues()).best is not None
        }
        assert {row.id for row in table_of(app.screen).rows} == open_to
        set_filter(pilot, "assume:nobody")
        await seen(pilot, "assume:nobody names no role or user of the account")


async def test_the_age_of_the_last_use_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = FakeReader()
    async with running(reader) as pilot:
        app = pilot.app
        screen = app.screen
        assert isinstance(app, RolescopeApp) and isinstance(screen, roles_screen.RolesScreen)
        table = table_of(screen)
        ages = {row.id: row.cells[2] for row in table.rows}
        later = app.session.now + timedelta(minutes=7)
        monkeypatch.setattr(reader, "clock", lambda: later)
        screen.renew_ages()
        changed = {row.id: row.cells[2] for row in table.rows if row.cells[2] != ages[row.id]}
        assert changed, ages
