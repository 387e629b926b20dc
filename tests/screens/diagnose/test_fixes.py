"""Fixes previewed as differences, copied; diagnoses kept: files, history."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widget import Widget

from diagnostics.diagnosis import Diagnosis
from diagnostics.failure import Denial
from diagnostics.fix import Advice, Fix, RoleCreation, ShellCommand, Wait
from diagnostics.new_role import NewRole
from iam.questions.change.effects import NOTHING_ELSE
from screens.copy.clipboard import Sent
from screens.diagnose.detail import DetailScreen
from screens.diagnose.evidence import way_of
from screens.session import Session
from tests.support.driving.diagnosing import NARROW, WIDE, diagnose_screen, explain, seen, unbroken, until, until_seen
from tests.support.driving.scripted_diagnosis import BEFORE, FIXES, STEPS, VERDICT, Script

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])


@SIZES
async def test_f_goes_to_the_fixes_and_enter_previews_one_as_a_difference(
    script: Script, size: tuple[int, int]
) -> None:
    async with diagnose_screen(size=size) as (app, pilot, screen):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        await pilot.press("f", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen), "the preview")
        text = seen(app)
        assert "Fix 1 of 2" in text
        assert "for an administrator of the account" in text
        assert "evaluated: allowed; 1 other thing newly allowed" in text
        assert "+ s3:PutObject on harbor-assets/y by web" in text
        assert any(
            line.lstrip("┃ ").startswith("-") and '"Action": "s3:GetObject"' in line for line in text.splitlines()
        )
        assert any("+" in line and '"Action": ["s3:GetObject", "s3:PutObject"]' in line for line in text.splitlines())
        await pilot.press("right_square_bracket")
        assert "Dear owner," in seen(app)
        assert "please allow it." in seen(app)
        await pilot.press("escape")
        assert app.screen is screen
        assert screen.results.fixes.cursor == 1


async def test_plus_and_minus_change_what_a_fix_covers(script: Script) -> None:
    forms = tuple(
        replace(FIXES[0], title=f"add s3:PutObject on {name}", effects=also, scope=f"every object in {name}")
        for name, also in (("pre", NOTHING_ELSE), ("bucket", FIXES[0].effects))
    )
    script.parts = (*STEPS, VERDICT, replace(forms[0], forms=forms), FIXES[1])
    async with diagnose_screen() as (app, pilot, screen):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        await pilot.press("f", "plus")
        assert screen.run_shown is not None and screen.run_shown.fixes[0].title == "add s3:PutObject on bucket"
        assert "every object in bucket (- every object in pre)" in unbroken(app)
        assert "1 other thing newly allowed" in unbroken(app)
        await pilot.press("plus")
        assert "This fix has no wider form." in unbroken(app)
        await pilot.press("minus")
        assert screen.run_shown.fixes[0].title == "add s3:PutObject on pre"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen), "the preview")
        await pilot.press("plus")
        assert "add s3:PutObject on bucket" in unbroken(app)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen, "the diagnosis")
        assert screen.run_shown.fixes[0].title == "add s3:PutObject on bucket"
        assert screen.results.fixes.cursor == 0


async def test_side_by_side_where_there_is_room(script: Script) -> None:
    async with diagnose_screen(size=(140, 40)) as (app, pilot, _):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        await pilot.press("f", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen), "the preview")
        line = next(line for line in seen(app).splitlines() if '"s3:PutObject"]' in line)
        line = line.strip("┃ ")
        assert line.startswith("-")
        assert line.index('"Action": "s3:GetObject"') < line.index("│") < line.index("+") < line.index("s3:PutObject")


async def test_enter_on_a_step_shows_the_whole_document(script: Script) -> None:
    async with diagnose_screen(size=NARROW) as (app, pilot, screen):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen), "the evidence")
        assert "Step 4 of 5 · Identity policies" in seen(app)
        assert '"Version": "2012-10-17"' in seen(app)
        await pilot.press("left_square_bracket", "escape")
        await until(pilot, lambda: app.screen is screen, "the diagnosis")
        assert screen.results.steps.cursor == 2


async def test_y_copies_what_is_in_attention(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []

    def send(text: str, write: object) -> Sent:
        copied.append(text)
        return Sent(True, "Sent.")

    monkeypatch.setattr("screens.copy.menu.send", send)
    async with diagnose_screen() as (_app, pilot, _):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        await pilot.press("f", "y")
        await until_seen(pilot, "the change of this fix")
        await pilot.press("f")
        await until(pilot, lambda: copied == ['{\n  "Action": "s3:PutObject"\n}'], "the change")
        await until_seen(pilot, "Sent.")
        await pilot.press("escape", "y")
        await until_seen(pilot, "the evidence of this step")
        await pilot.press("p")
        await until(pilot, lambda: copied[1:] == [BEFORE.text], "the policy")


@pytest.mark.parametrize(("key", "suffix"), [("M", "md"), ("O", "json"), ("m", "md")])
async def test_e_saves_the_diagnosis(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, suffix: str
) -> None:
    monkeypatch.chdir(tmp_path)
    async with diagnose_screen() as (_, pilot, _screen):
        await explain(pilot, "arn:aws:iam::111122223333:role/x was denied")
        await until_seen(pilot, "FIX 2")
        await pilot.press("e")
        await until_seen(pilot, "Export this diagnosis")
        await pilot.press(key)
        await until_seen(pilot, "Save as")
        await pilot.press("enter")
        await until_seen(pilot, "Saved ")
        (path,) = tmp_path.iterdir()
        assert path.suffix == f".{suffix}"
        assert "identity.no-action" in path.name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        text = path.read_text(encoding="utf-8")
        assert ("111122223333" in text) is (key == "m")
        assert "Nothing lets web-frontend-ec2 write" in text
        if suffix == "json":
            assert json.loads(text)["verdict"]["cause"] == "identity.no-action"


async def test_the_diagnosis_can_be_shown_to_select_from(script: Script) -> None:
    async with diagnose_screen() as (_, pilot, _screen):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        await pilot.press("e", "v")
        await until_seen(pilot, "# Nothing lets web-frontend-ec2 write to harbor-assets.")


async def test_the_history_shows_earlier_diagnoses_again(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        await explain(pilot, "first")
        await until_seen(pilot, "FIX 2")
        await explain(pilot, "second")
        await until(pilot, lambda: len(screen.runs.all) == 2, "the second run")
        await pilot.press("H")
        text = unbroken(app)
        assert "2 diagnoses of this run" in text
        assert text.index("second") < text.index("first")
        await pilot.press("G", "enter")
        await until_seen(pilot, "FIX 2")
        assert "first" in seen(app).splitlines()[1]
        assert "── Identity policies ──" in seen(app)
        assert len(script.asked) == 2, "nothing is evaluated again"


@pytest.mark.parametrize(
    ("fix", "title", "changes"),
    [
        (FIXES[0], "plan", True),
        (
            replace(
                FIXES[0],
                advice=Advice.ADOPT,
                change=ShellCommand("arn:aws:iam::111122223333:role/web", "terraform import aws_iam_role.web web"),
            ),
            "adopt",
            False,
        ),
        (replace(FIXES[0], change=Wait("", role="web")), "watch", False),
        (replace(FIXES[0], change=RoleCreation("", NewRole("web"))), "create", True),
    ],
    ids=["a plan", "code to adopt a role", "the progress of a deletion", "a new role"],
)
def test_the_key_of_a_fix_says_what_it_does_on_the_whole_screen_too(fix: Fix, title: str, changes: bool) -> None:
    detail = DetailScreen(Session(), Diagnosis(Denial(""), (), VERDICT, (fix,)), (fix,), 0, Widget())
    plan = detail.command_for("plan")
    assert plan is not None
    assert (detail.title_of(plan), detail.leads_to_change(plan)) == (title, changes)
    assert (way_of(fix) == "") is (title == "plan")
