"""The form: completion, what it objects to, what it asks."""

from __future__ import annotations

from diagnostics.failure import Denial
from screens.diagnose.box import PasteBox
from screens.widgets.form.completion import matching
from tests.support.driving.diagnosing import (
    NARROW,
    diagnose_screen,
    paste,
    seen,
    type_text,
    unbroken,
    until,
    until_seen,
)
from tests.support.driving.scripted_diagnosis import Script

ROLE = "arn:aws:iam::111122223333:role/app/orders-api-lambda"


def test_matching_prefers_beginnings_then_parts_then_the_rest() -> None:
    names = ["a:xGet", "svc:Get", "get:a", "forget", "none"]
    assert matching(names, "GET") == ["get:a", "svc:Get", "a:xGet", "forget"]
    assert matching(names, "") == names
    assert matching(names, "get svc") == ["svc:Get"]
    assert matching([f"n{number}" for number in range(50)], "n", limit=3) == ["n0", "n1", "n2"]


async def test_the_form_completes_and_runs(script: Script) -> None:
    async with diagnose_screen(size=NARROW) as (app, pilot, screen):
        await pilot.press("ctrl+t")
        await until(pilot, lambda: screen.input.form.field("action")._names, "the names")
        await type_text(pilot, "orders-api")
        assert ROLE in seen(app), "candidates are shown while one types"
        await pilot.press("down", "tab")
        assert screen.input.form.field("principal").value == ROLE
        await pilot.press("enter")
        await type_text(pilot, "dynamodb:que")
        await pilot.press("down", "enter", "enter")
        assert screen.input.form.field("action").value == "dynamodb:Query"
        await type_text(pilot, "table/ord")
        await pilot.press("down", "enter", "enter")
        await until_seen(pilot, "FIX 2")
        denial, context, _ = script.asked[0]
        assert isinstance(denial, Denial)
        assert (denial.principal, denial.action) == (ROLE, "dynamodb:Query")
        assert denial.resource == "arn:aws:dynamodb:us-east-1:111122223333:table/orders"
        assert context == {}


async def test_context_rows_grow_and_are_told(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        await pilot.press("ctrl+t")
        form = screen.input.form
        await paste(pilot, ROLE)
        await pilot.press("enter")
        await paste(pilot, "s3:GetObject")
        form.field("key-0").focus()
        await pilot.pause()
        await paste(pilot, "aws:SourceIp")
        await pilot.press("enter")
        await paste(pilot, "203.0.113.7, 203.0.113.8")
        form.field("key-1").focus()
        await pilot.pause()
        await paste(pilot, "aws:RequestedRegion")
        await pilot.press("enter")
        await paste(pilot, "eu-west-1")
        assert "another key" in seen(app)
        await pilot.press("ctrl+r")
        await until_seen(pilot, "FIX 2")
        assert script.asked[0][1] == {
            "aws:SourceIp": ("203.0.113.7", "203.0.113.8"),
            "aws:RequestedRegion": ("eu-west-1",),
        }


async def test_what_the_form_lacks_is_said_on_the_screen(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, _):
        await pilot.press("ctrl+t", "ctrl+r")
        assert "Fill in the principal and the action." in unbroken(app)
        await paste(pilot, ROLE)
        await pilot.press("enter")
        await paste(pilot, "s3:*")
        await pilot.press("ctrl+r")
        assert "Enter one action as service:Operation, such as s3:GetObject, not 's3:*'." in unbroken(app)
        assert not script.asked


async def test_an_error_pasted_into_the_form_lands_in_the_box(script: Script) -> None:
    error = "User: x is not authorized to perform: s3:GetObject\non resource: y"
    async with diagnose_screen() as (app, pilot, screen):
        await pilot.press("ctrl+t")
        await paste(pilot, error)
        assert screen.input.box.whole == error
        assert isinstance(app.focused, PasteBox)
        assert screen.input.form.field("principal").value == ""


async def test_escape_closes_the_candidates_first(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        await pilot.press("ctrl+t")
        await until(pilot, lambda: screen.input.form.field("principal")._names, "the names")
        await type_text(pilot, "orders")
        assert screen.input.form.field("principal").open
        await pilot.press("escape")
        assert not screen.input.form.field("principal").open
        assert screen.input.form.field("principal").value == "orders"
        assert app.screen is screen
