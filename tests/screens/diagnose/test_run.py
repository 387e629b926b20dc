"""Pasting, running, stopping, choosing, asking: what the operator sees, with a scripted diagnosis."""

from __future__ import annotations

import pytest

from diagnostics.diagnosis import Status, Step
from screens.diagnose.box import EDITABLE, PasteBox
from screens.messages import DiagnoseRole
from tests.support.accounts.fake_reader import FakeReader
from tests.support.driving.diagnosing import (
    NARROW,
    WIDE,
    diagnose_screen,
    explain,
    paste,
    seen,
    type_text,
    unbroken,
    until,
    until_seen,
)
from tests.support.driving.scripted_diagnosis import PARTS, QUESTION, STEPS, Script
from tests.support.driving.seeing import unframed

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])


async def test_the_cursor_is_in_the_box_and_letters_and_digits_are_text(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        await type_text(pilot, "q12?e")
        assert screen.input.box.whole == "q12?e"
        assert app.screen is screen
        assert "q12?e" in seen(app)


@SIZES
async def test_the_answer_is_in_sight_at_once(script: Script, size: tuple[int, int]) -> None:
    async with diagnose_screen(size=size) as (app, pilot, _):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        text = seen(app)
        assert "identity.no-action · certain" in text
        assert "Nothing lets web-frontend-ec2 write to harbor-assets." in text
        assert "FIX 1  add s3:PutObject to statement ReadAssets" in text
        lines = [unframed(line) for line in text.splitlines()]
        assert [line[1] for line in lines if line[3:5].strip().isdigit() and line[1] in "✓✗?–"] == list("✓✓–✗?")
        # The step that decided is chosen, and its evidence is in sight: the words, and the statement below them.
        assert "── Identity policies ──" in text
        assert "names s3:GetObject, not s3:PutObject" in text
        assert text.index("certain") < text.index("FIX 1") < text.index("What the text says")


async def test_the_document_is_shown_with_its_statement_lit_and_the_fault_marked(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, _):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        lines = [line for each in seen(app).splitlines() if (line := unframed(each)).startswith("▌")]
        assert [line.split()[1] for line in lines][:3] == ["4", "5", "6"]
        assert any('"Action": "s3:GetObject"' in line for line in lines)
        reversed_text = "".join(
            segment.text
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style and segment.style.reverse and segment.style.color and segment.style.color.name == "red"
        )
        assert reversed_text.endswith('"Action":"s3:GetObject"')
        assert "iam:GetPolicyVersion" in seen(app)


async def test_moving_along_the_steps_shows_their_evidence(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, _):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        await pilot.press("j")
        assert "── Resource policy ──" in seen(app)
        await pilot.press("g", "j")
        assert "── Explicit denies ──" in seen(app)
        assert "heard   simulator and local engine agree" in seen(app)
        await pilot.press("G", "k", "up")
        assert "── Boundary ──" in seen(app)


async def test_steps_are_drawn_as_they_come_and_escape_stops(script: Script) -> None:
    gate = script.gate(2)
    async with diagnose_screen() as (app, pilot, screen):
        await explain(pilot, "denied")
        await until_seen(pilot, "2 steps so far (esc stops)")
        assert "Explicit denies" in seen(app)
        assert "Identity policies" not in seen(app)
        await pilot.press("escape")
        assert "Stopped. The results so far are shown below." in unbroken(app)
        assert "Explicit denies" in seen(app)
        gate.set()
        await until(pilot, lambda: all(worker.is_finished for worker in screen.workers), "the worker's end")
        assert "Identity policies" not in seen(app), "what a stopped run still sends must not be shown"
        assert len(screen.runs.all) == 1


async def test_keys_work_while_it_runs(script: Script) -> None:
    gate = script.gate(3)
    async with diagnose_screen() as (app, pilot, _):
        await explain(pilot, "denied")
        await until_seen(pilot, "3 steps so far")
        await pilot.press("j", "j")
        assert "── Boundary ──" in seen(app)
        gate.set()
        await until_seen(pilot, "FIX 2")
        assert "── Boundary ──" in seen(app), "the step somebody reads must not be taken away"


async def test_a_second_run_takes_the_place_of_the_first(script: Script) -> None:
    gate = script.gate(1)
    async with diagnose_screen() as (app, pilot, screen):
        await explain(pilot, "first")
        await until_seen(pilot, "1 step so far")
        await paste(pilot, "second")
        assert screen.input.box.whole == "second"
        await pilot.press("ctrl+r")
        gate.set()
        await until_seen(pilot, "FIX 2")
        await until(pilot, lambda: all(worker.is_finished for worker in screen.workers), "the workers' end")
        assert len(screen.results.steps.rows) == len(STEPS)
        assert "second" in seen(app).splitlines()[1]


async def test_a_paste_anywhere_lands_in_the_box_in_place_of_the_old_text(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        await explain(pilot, "the first text")
        await until_seen(pilot, "FIX 2")
        assert not isinstance(app.focused, PasteBox)
        await paste(pilot, "line one\r\nline two")
        assert screen.input.box.whole == "line one\nline two"
        assert isinstance(app.focused, PasteBox)
        assert "line two" in seen(app)
        assert "identity.no-action" in seen(app), "the last answer stays in sight"
        await pilot.press("escape")
        assert app.focused is screen.results.steps


async def test_coming_back_a_paste_replaces_the_old_text_and_o_goes_on_with_it(script: Script) -> None:
    async with diagnose_screen() as (_, pilot, screen):
        await explain(pilot, "the first text")
        await until_seen(pilot, "FIX 2")
        await pilot.press("1")
        await pilot.press("2", "o", "s")
        assert screen.input.box.whole == "the first texts"
        await pilot.press("escape", "1", "2")
        await paste(pilot, "another")
        assert screen.input.box.whole == "another"


async def test_several_failures_are_a_list_with_equal_ones_counted(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, _):
        await explain(pilot, "denied a\n\ndenied b\n\ndenied b")
        await until_seen(pilot, "2 failures in this text (3 with repeats)")
        assert not script.asked
        text = unbroken(app)
        assert "1 denied a" in text
        assert "2 2× denied b" in text
        await pilot.press("j", "enter")
        await until_seen(pilot, "FIX 2")
        assert script.asked[0][0].text == "denied b"
        assert "2 of 2" in seen(app)
        await pilot.press("E")
        assert "2 failures in this text" in seen(app)
        await pilot.press("k", "enter")
        await until_seen(pilot, "1 of 2")
        assert script.asked[1][0].text == "denied a"


@SIZES
async def test_unknown_keys_are_asked_for_in_place_and_an_answer_changes_the_verdict(
    script: Script, size: tuple[int, int]
) -> None:
    script.question = QUESTION
    async with diagnose_screen(size=size) as (app, pilot, screen):
        await explain(pilot, "denied")
        await until_seen(pilot, "trust.condition-unknown · likely")
        await until_seen(pilot, "wanted: true")
        assert "aws:MultiFactorAuthPresent" in seen(app)
        assert "i answer" in seen(app)
        await pilot.press("i", "down", "down", "enter", "enter")
        await until_seen(pilot, "allowed.now · certain")
        assert script.asked[-1][1] == {"aws:MultiFactorAuthPresent": ("true",)}
        assert script.asked[-1][0] is script.asked[0][0]
        assert "aws:MultiFactorAuthPresent = true" in unbroken(app), "an answer can be taken back"
        assert len(screen.runs.all) == 1
        await pilot.press("i", "ctrl+u", "enter")
        await until_seen(pilot, "trust.condition-unknown · likely")
        assert script.asked[-1][1] == {}


async def test_a_huge_paste_is_kept_whole_and_shown_by_its_beginning(script: Script) -> None:
    log = "INFO all is well\n" * 300_000 + "\n\nthe denial"
    async with diagnose_screen() as (app, pilot, screen):
        await paste(pilot, log)
        assert "characters, 300,003 lines; only the beginning is shown" in unbroken(app)
        assert screen.input.box.whole == log
        assert len(screen.input.box.text) < EDITABLE
        await type_text(pilot, "q1")
        assert app.screen is screen
        assert "cannot be edited here" in unbroken(app)
        await pilot.press("ctrl+r")
        await until_seen(pilot, "2 failures in this text")
        await pilot.press("j", "enter")
        await until_seen(pilot, "FIX 2")
        assert script.asked[0][0].text == "the denial"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There is nothing to explain yet"),
        ("  \n\t ", "There is nothing to explain yet"),
        ("\x00\x01\x02\x7fELF\x01\x01" * 40, "This is binary data, not an error's text"),
    ],
    ids=["nothing", "blanks", "binary"],
)
async def test_what_cannot_be_read_gets_a_sentence_that_stays(script: Script, text: str, sentence: str) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        await explain(pilot, text)
        assert sentence in unbroken(app)
        await pilot.press("x")
        assert sentence in unbroken(app)
        assert isinstance(app.focused, PasteBox)
        assert not script.asked
        assert not screen.runs.all


async def test_control_characters_and_markup_are_shown_as_they_are(script: Script) -> None:
    hostile = "[red]denied[/] \x1b]0;owned\x07 \x1b[2J \u202e reversed [/nope]"
    script.parts = (
        Step("text", "What [bold]the text says", Status.PASS, hostile),
        *PARTS[1:],
    )
    async with diagnose_screen() as (app, pilot, screen):
        await paste(pilot, hostile)
        text = seen(app)
        assert "[red]denied[/] ␛]0;owned␇ ␛[2J <U+202E> reversed [/nope]" in text
        assert screen.input.box.whole == hostile
        await pilot.press("ctrl+r")
        await until_seen(pilot, "FIX 2")
        await pilot.press("g")
        assert "What [bold]the text says" in seen(app)
        assert not set(seen(app)) & set("\x1b\x07\u202e")
        assert script.asked[0][0].text == hostile


async def test_a_diagnosis_that_breaks_leaves_what_it_found(script: Script) -> None:
    script.parts, script.raises = PARTS[:2], RuntimeError("a fault")
    async with diagnose_screen() as (app, pilot, _):
        await explain(pilot, "denied")
        await until_seen(pilot, "The diagnosis stopped partway")
        assert "The results so far are still shown." in unbroken(app)
        assert "Explicit denies" in seen(app)
        assert app.session.troubles


async def test_it_waits_for_the_account_and_then_runs(script: Script) -> None:
    async with diagnose_screen(FakeReader(pages=2)) as (app, pilot, _):
        full = app.session.account
        app.session.account = FakeReader(pages=2).account(1, "1 role read")
        await explain(pilot, "denied")
        await until_seen(pilot, "as soon as the account is read: 1 role read")
        assert not script.asked
        app.session.account = full
        app._tell_screens()
        await until_seen(pilot, "FIX 2")
        assert len(script.asked) == 1


async def test_without_an_account_only_the_text_is_read() -> None:
    async with diagnose_screen(FakeReader(failure="No credentials were found."), read=False) as (app, pilot, _):
        await until(pilot, lambda: app.session.failure, "the failure")
        await explain(
            pilot,
            "User: arn:aws:iam::111122223333:user/ben is not authorized to perform: s3:GetObject on resource: "
            '"arn:aws:s3:::b/k" because no identity-based policy allows the s3:GetObject action',
        )
        await until_seen(pilot, "Only the text was read: no account is open.")
        assert "s3:GetObject" in seen(app)


async def test_d_on_a_role_makes_it_the_principal_until_another_text_comes(script: Script) -> None:
    arn = "arn:aws:iam::111122223333:role/app/web-frontend-ec2"
    async with diagnose_screen() as (app, pilot, screen):
        screen.post_message(DiagnoseRole(arn))
        await pilot.pause()
        assert isinstance(app.focused, PasteBox)
        assert "for web-frontend-ec2" in seen(app)
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        assert script.asked[0][2] == arn
        await explain(pilot, "another denial")
        await until(pilot, lambda: len(script.asked) == 2, "the second run")
        assert script.asked[1][2] is None
        await pilot.press("ctrl+t")
        assert screen.input.form.field("principal").value == arn


async def test_escape_goes_back_step_by_step(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        await pilot.press("f")
        assert app.focused is screen.results.fixes
        await pilot.press("escape")
        assert app.focused is screen.results.steps
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen, "the screen before")


async def test_help_lists_the_keys_of_this_screen_and_why_some_do_not_work(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, _):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        await pilot.press("question_mark")
        await until_seen(pilot, "Go to the fixes; enter previews a fix.")
        assert "Explain the text in the box, or the form." in unbroken(app)
        assert "(No condition" in unbroken(app)
        assert "the order in which AWS evaluates policies" in unbroken(app)


async def test_enter_on_a_step_that_went_meanwhile_opens_nothing(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        steps = screen.results.steps
        steps.action_choose()
        steps.set_rows(())
        await pilot.pause()
        assert app.screen is screen


async def test_what_is_assumed_answers_what_a_failure_asks_and_is_named(script: Script) -> None:
    script.question = QUESTION
    async with diagnose_screen() as (app, pilot, screen):
        app.session.assumed[QUESTION.key] = "true"
        await explain(pilot, "denied")
        await until_seen(pilot, "allowed.now · certain")
        assert [each[1] for each in script.asked] == [{}, {QUESTION.key: ("true",)}]
        assert "assuming MFA" in seen(app)
        app.session.assumed.clear()
        screen.assumptions_changed()
        await until_seen(pilot, "trust.condition-unknown · likely")
        assert "assuming" not in seen(app)


async def test_coming_back_to_an_answer_its_keys_work_and_a_paste_begins_the_next(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        await pilot.press("1")
        await until(pilot, lambda: app.screen is not screen, "the list of roles")
        await pilot.press("2")
        await until(pilot, lambda: app.screen is screen, "Diagnose")
        assert not screen.input.display and screen.results.has_focus_within
        await pilot.press("j")
        assert "── Resource policy ──" in seen(app)
        await paste(pilot, "another failure")
        assert screen.input.box.whole == "another failure"
