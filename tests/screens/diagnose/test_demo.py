"""The demo account's failures, pasted: what the operator reads on the screen."""

from __future__ import annotations

import re
from typing import Any

import pytest

from screens.diagnose.detail import DetailScreen
from tests.support.demo.failures import CONFLICTS, FAILURES, DemoConflict, DemoFailure
from tests.support.driving.diagnosing import (
    NARROW,
    WIDE,
    answered,
    diagnose_screen,
    paste,
    seen,
    type_text,
    unbroken,
    until,
    until_seen,
)
from tests.support.driving.read_once import ReadOnce
from tests.support.driving.seeing import unframed

ASKED_FOR = ("F01", "F03", "F04", "F09", "F13", "F14", "F22")
CONFLICTS_ASKED_FOR = ("E01", "E02", "E03", "E06")
DENIALS = {failure.id: failure for failure in FAILURES}
TAKEN = {conflict.id: conflict for conflict in CONFLICTS}


@pytest.fixture(scope="module")
def demo(demo_reader: Any) -> ReadOnce:
    return ReadOnce(demo_reader)


def assert_answered(text: str, case: DemoFailure | DemoConflict) -> None:
    codes = (case.cause, *case.also)
    assert any(f"{code} · " in text for code in codes), f"none of {codes} is on the screen:\n{text}"
    assert "FIX 1" in text


@pytest.mark.parametrize(("name", "size"), [*((name, NARROW) for name in ASKED_FOR), ("F01", WIDE), ("F09", WIDE)])
async def test_a_denial_gets_its_verdict(demo: ReadOnce, name: str, size: tuple[int, int]) -> None:
    failure = DENIALS[name]
    async with diagnose_screen(demo, size) as (app, pilot, _):
        run = await answered(pilot, failure.text)
        assert_answered(seen(app), failure)
        assert re.search(r"^[│┃]? [✗?] ", seen(app), re.MULTILINE), "the step that decided is in sight"
        await pilot.press("f", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen), "the fix")
        shown = unbroken(app).casefold()
        # Where the text does not name the role, the fix is the question which one it was.
        words = (failure.role or "",) if run.fixes[0].title.startswith("Say which role") else failure.fix_words
        for word in words:
            assert word.casefold() in shown or word.casefold() in run.fixes[0].text.casefold()


@pytest.mark.parametrize("name", CONFLICTS_ASKED_FOR)
async def test_a_name_conflict_gets_its_advice(demo: ReadOnce, name: str) -> None:
    conflict = TAKEN[name]
    async with diagnose_screen(demo, NARROW) as (app, pilot, _):
        await answered(pilot, conflict.text)
        assert_answered(seen(app), conflict)
        line = next(line for line in seen(app).splitlines() if line.startswith(" FIX 1"))
        assert line.split()[2].rstrip(":").casefold() in conflict.advice


async def test_the_form_finds_what_the_text_finds(demo: ReadOnce) -> None:
    async with diagnose_screen(demo) as (app, pilot, screen):
        await pilot.press("ctrl+t")
        await until(pilot, lambda: screen.input.form.field("principal")._names, "the names")
        await type_text(pilot, "orders-api")
        await pilot.press("down", "enter", "enter")
        await paste(pilot, "dynamodb:Query")
        await pilot.press("enter")
        await paste(pilot, "arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/by-customer")
        await pilot.press("ctrl+r")
        await until_seen(pilot, "identity.resource-mismatch · certain")
        assert "orders-table-rw" in unbroken(app)


async def test_the_statement_at_fault_is_lit(demo: ReadOnce) -> None:
    async with diagnose_screen(demo) as (app, pilot, _):
        await answered(pilot, DENIALS["F03"].text)
        lit = [line for each in seen(app).splitlines() if (line := unframed(each)).startswith("▌")]
        assert any('"Sid": "Orders"' in line for line in lit)
        assert any('"Resource": "arn:aws:dynamodb:us-east-1:111122223333:table/orders"' in line for line in lit)


async def test_carla_who_may_read_little_gets_a_verdict_or_an_honest_word(demo_reader_as: Any) -> None:
    async with diagnose_screen(ReadOnce(demo_reader_as("carla")), NARROW) as (app, pilot, _):
        for name in ("F03", "F14", "E01"):
            await answered(pilot, (DENIALS.get(name) or TAKEN[name]).text)
            assert not app.session.troubles
            text = seen(app)
            case = DENIALS.get(name) or TAKEN[name]
            assert any(f"{code} · " in text for code in (case.cause, *case.also, "unreadable")), text
