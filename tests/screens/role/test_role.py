"""A role's screen, by what an operator sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from iam.account import InlinePolicy, Unreadable
from iam.sources.reader.reading import Reading
from screens.text import marks
from tests.support.accounts.fake_reader import ACCOUNT_ID, ROLES, FakeReader, allow, document, role, trust
from tests.support.driving.seeing import gone, line_with, running, screen_text, seen, type_text, until

HOSTILE = "[red]x[/] \x1b[31m \u202eevil\u202c [/]"


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_trust_and_permissions_are_seen_at_once(size: tuple[int, int]) -> None:
    async with running(size=size, role="orders-api-lambda", wait_for="instance profiles") as pilot:
        await seen(pilot, "orders-table-rw")
        text = screen_text(pilot.app)
        trust_line, permissions_line = line_with(pilot.app, "TRUST  who"), line_with(pilot.app, "PERMISSIONS")
        assert (trust_line == permissions_line) == (size[0] >= 100)
        for words in (
            f"arn:aws:iam::{ACCOUNT_ID}:role/app/orders-api-lambda",
            "last used 1 min ago in us-east-1",
            "session 1 h",
            "boundary",
            "created 2026-07-25",
            "tags team=orders env=prod",
            "instance profiles",
            "owner orders (tag team)",
            '"Version": "2012-10-17"' if size[1] > 30 else "Lets the service lambda.amazonaws.com assume this role.",
            "AWSLambdaBasicExecutionRole",
            "aws-managed",
            "inline",
        ):
            assert words in text, words


async def test_a_statement_explains_itself_when_selected() -> None:
    async with running(role="orders-api-lambda", wait_for="instance profiles") as pilot:
        await seen(pilot, "Trust, statement 1: Lets the service lambda.amazonaws.com assume this role.")
        await pilot.press("tab")
        await seen(pilot, "orders-table-rw, statement 1 (Orders): Allows dynamodb:GetItem, dynamodb:PutItem")


async def test_documents_are_read_in_words_or_as_json() -> None:
    async with running(role="orders-api-lambda", wait_for="instance profiles") as pilot:
        await seen(pilot, '"dynamodb:Query"')
        await pilot.press("tab", "b")
        await seen(pilot, "▌ Lets the service lambda.amazonaws.com assume")
        await gone(pilot, '"dynamodb:Query"')
        await pilot.press("b")
        await seen(pilot, '"dynamodb:Query"')


async def test_brackets_choose_the_policy_and_all_together_is_by_service_and_level() -> None:
    async with running(role="orders-api-lambda", wait_for="instance profiles") as pilot:
        await seen(pilot, "dynamodb:Query")
        await pilot.press("[")
        await seen(pilot, "logs:PutLogEvents")
        await pilot.press("[")
        await seen(pilot, "Amazon DynamoDB")
        line = line_with(pilot.app, "GetItem, Query")
        assert "Read" in line
        assert "PutItem" in line_with(pilot.app, "Write")


async def test_the_boundary_is_listed_last_and_named_as_a_limit() -> None:
    async with running(role="ci-pipeline-builder", wait_for="instance profiles") as pilot:
        await seen(pilot, "boundary, v1")
        await pilot.press("]")
        await seen(pilot, "Limited to what the boundary DeveloperBoundary allows.")


async def test_versions_show_the_difference() -> None:
    async with running(role="web-frontend-ec2", wait_for="instance profiles") as pilot:
        await seen(pilot, "customer-managed v2")
        await pilot.press("v")
        await seen(pilot, "from v1 to v2")
        assert line_with(pilot.app, "s3:ListBucket").lstrip("│ ").startswith("-")
        assert "default" in line_with(pilot.app, "v2  ")
        await pilot.press("escape")
        await seen(pilot, "PERMISSIONS")


async def test_versions_of_an_inline_policy_says_why_not() -> None:
    async with running(role="orders-api-lambda", wait_for="instance profiles") as pilot:
        await seen(pilot, "orders-table-rw")
        await pilot.press("v")
        await seen(pilot, "has no versions")


async def test_last_accessed() -> None:
    async with running(role="orders-api-lambda", wait_for="instance profiles") as pilot:
        await pilot.press("l")
        await seen(pilot, "1 of 2 allowed services used")
        assert "1 d ago" in line_with(pilot.app, "dynamodb")
        await pilot.press("e")
        await seen(pilot, "CSV")
        await pilot.press("v")
        await seen(pilot, "| dynamodb | unknown of 3 | 1 d ago")
        await pilot.press("escape", "y")
        await seen(pilot, "the service or action")


async def test_who_can_assume_it_and_what_it_can_assume() -> None:
    target = role("target", trust=trust(AWS=f"arn:aws:iam::{ACCOUNT_ID}:root"))
    caller = role("caller", inline=(InlinePolicy("a", document(allow("sts:AssumeRole", target.arn))),))
    bystander = role("bystander")
    async with running(FakeReader([target, caller, bystander]), role="target", wait_for="instance profiles") as pilot:
        await pilot.press("w")
        await seen(pilot, "role caller")
        assert "bystander" not in screen_text(pilot.app)
        assert marks().passed in line_with(pilot.app, "role caller")
        assert "a, statement 1" in line_with(pilot.app, "role caller")
        await pilot.press("w")
        await seen(pilot, "What target can reach: nothing")
        await pilot.press("escape", "escape")
        await type_text(pilot, ":role caller")
        await pilot.press("enter", "w", "w")
        await seen(pilot, "role target")


async def test_facts_that_were_not_read_are_said_as_such() -> None:
    bare = role("bare", tags=None, last_used=None, max_session_seconds=None, instance_profiles=None, created=None)
    async with running(FakeReader([bare]), role="bare", wait_for="instance profiles") as pilot:
        for label in ("last used", "session", "created", "instance profiles", "tags"):
            await seen(pilot, f"{label} not read")


async def test_a_trust_policy_that_is_not_readable_says_so() -> None:
    async with running(FakeReader([role("shut", trust=None)]), role="shut", wait_for="instance profiles") as pilot:
        await seen(pilot, "The trust policy could not be read.")


async def test_a_service_owned_role_is_marked_as_protected() -> None:
    async with running(role="AWSServiceRoleForECS", wait_for="instance profiles") as pilot:
        await seen(pilot, "protected: only the AWS service that owns the role can change it")


async def test_hostile_names_tags_and_descriptions_are_shown_as_they_are() -> None:
    nasty = role(
        HOSTILE,
        tags={HOSTILE: HOSTILE},
        description=HOSTILE,
        inline=(InlinePolicy(HOSTILE, document(allow("s3:GetObject", HOSTILE, Sid=HOSTILE))),),
    )
    shown = "[red]x[/] ␛[31m <U+202E>evil<U+202C> [/]"
    async with running(FakeReader([nasty])) as pilot:
        assert shown in line_with(pilot.app, "▸")
        await pilot.press("enter")
        await seen(pilot, f"── {shown} ──")
        text = screen_text(pilot.app)
        assert "\x1b" not in text and "\u202e" not in text
        await pilot.press("tab", "tab")
        await seen(pilot, "inline")
        for key in ("y", "escape", "!", "escape", "?", "escape", ":", "escape", "e", "escape", "w"):
            await pilot.press(key)
            text = screen_text(pilot.app)
            assert "\x1b" not in text and "\u202e" not in text
        await seen(pilot, shown)


async def test_markdown_export_asks_for_a_file_and_keeps_an_existing_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with running(role="orders-api-lambda", wait_for="instance profiles") as pilot:
        await seen(pilot, "orders-table-rw")
        await pilot.press("e", "m")
        await seen(pilot, "Save as")
        await pilot.press("enter")
        await until(pilot, lambda: (tmp_path / "role-orders-api-lambda.md").exists())
        await seen(pilot, "Saved")
        text = (tmp_path / "role-orders-api-lambda.md").read_text()
        assert "dynamodb:Query" in text and "lambda.amazonaws.com" in text
        assert (tmp_path / "role-orders-api-lambda.md").stat().st_mode & 0o777 == 0o600
        await pilot.press("e", "m", "enter")
        await seen(pilot, "exists and was not changed")


async def test_copy_shows_the_text_where_it_cannot_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", "/nowhere,1,0")
    monkeypatch.setenv("PATH", "/nowhere")
    async with running(role="orders-api-lambda", wait_for="instance profiles") as pilot:
        await pilot.press("y")
        await seen(pilot, "statement 1 of the trust policy")
        await pilot.press("a")
        await seen(pilot, "tmux did not accept the text")
        assert f"arn:aws:iam::{ACCOUNT_ID}:role/app/orders-api-lambda" in screen_text(pilot.app)


async def test_copied_command_quotes_names_for_the_shell() -> None:
    nasty = role("a;rm -rf $HOME")
    async with running(FakeReader([nasty]), role=nasty.name, wait_for="instance profiles") as pilot:
        await pilot.press("y")
        await pilot.press("v")
        await gone(pilot, "esc close  v")
        await pilot.press("escape", "y", "G", "v")
        await seen(pilot, "--role-name 'a;rm -rf $HOME'")


async def test_a_policy_that_is_denied_is_not_taken_for_absent() -> None:
    class Denied(FakeReader):
        def managed_policy(self, arn: str) -> Reading:  # type: ignore[type-arg]  # of a policy
            return Reading("iam:GetPolicyVersion", why="you may not iam:GetPolicyVersion")

    async with running(Denied(ROLES), role="orders-api-lambda", wait_for="instance profiles") as pilot:
        await pilot.press("[")
        await seen(pilot, "AWSLambdaBasicExecutionRole could not be read: you may")
        await pilot.press("!")
        await seen(pilot, "Failed in this run")


async def test_troubles_lists_what_is_missing_with_its_cost() -> None:
    denied = Unreadable(
        "organizations:ListPolicies", "AccessDenied for carla", "service control policies are not known"
    )
    async with running(FakeReader(unreadable=[denied])) as pilot:
        await pilot.press("!")
        await seen(pilot, "organizations:ListPolicies: AccessDenied for carla")
        await seen(pilot, "costs: service control policies are not known")
