"""Conflicts of tools by keys, on a plain moto: pasted, answered, and the command that adopts the role is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from iam.sources.aws.reader import AwsReader
from screens.diagnose.detail import DetailScreen
from tests.support.accounts.documents import trust
from tests.support.driving.diagnosing import WIDE, answered, diagnose_screen, unbroken
from tests.support.driving.read_once import ReadOnce
from tests.support.driving.seeing import screen_text, seen, until
from tests.support.texts.tool_conflicts import CONFLICTS


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def reader() -> Iterator[AwsReader]:
    with mock_aws():
        session = boto3.Session("AKIAEXAMPLE", "secret", region_name="eu-west-1")
        iam = session.client("iam")
        for name in ("shop-app", "shop-api", "shop-worker"):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust("lambda.amazonaws.com").text)
        yield AwsReader(session, kind="aws")


async def test_a_tool_gets_the_command_with_the_name_of_its_text(reader: AwsReader) -> None:
    """Three tools; ``tests/diagnostics/already_exists/test_other_tools.py`` has all of them."""
    sample = {tool: (tool, logical, name, text) for tool, logical, name, text in reversed(CONFLICTS)}
    async with diagnose_screen(ReadOnce(reader), WIDE) as (app, pilot, screen):
        for tool, logical, name, text in list(sample.values())[::4]:
            await answered(pilot, text)
            await pilot.press("f", "g")
            assert screen.fix_chosen is not None
            command = screen.fix_chosen.text.splitlines()[0]
            assert name in command and logical in command.replace("'", "")
            assert tool.form in command or command.startswith("terraform import")
            assert command[:40] in unbroken(app)


async def test_adopting_into_terraform_shows_its_code_whatever_the_text_names(reader: AwsReader) -> None:
    boxed = (
        "│ Error: creating IAM Role (shop-app): EntityAlreadyExists: Role with name shop-app already exists.\n"
        "│   with aws_iam_role.worker,\n│   on main.tf line 12\n"
    )
    async with diagnose_screen(ReadOnce(reader), WIDE) as (app, pilot, _):
        await answered(pilot, boxed)
        assert "p adopt" in screen_text(app) and "p adopt*" not in screen_text(app)
        await pilot.press("p")
        await seen(pilot, "to = aws_iam_role.worker")
        assert 'id = "shop-app"' in screen_text(app)
        await pilot.press("escape", "f", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen), "the fix")
        await seen(pilot, "terraform import aws_iam_role.worker shop-app")
        await pilot.press("p")
        await seen(pilot, "to = aws_iam_role.worker")
