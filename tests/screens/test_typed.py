"""What was typed survives leaving; what may not be kept is asked about before."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from iam.creation.draft.places import Place, What
from screens.create.screen import CreateScreen
from screens.create.steps import CreateStep
from screens.diagnose.screen import DiagnoseScreen
from screens.plan.leaving import Leaving
from screens.start.lines import draft_lines
from screens.typed import Typed
from tests.support.accounts.fake_reader import FakeReader
from tests.support.driving.seeing import gone, running, seen, type_text, until
from tui.app import RolescopeApp
from tui.configuration import Configuration


async def _box(pilot: Pilot[None]) -> tuple[RolescopeApp, DiagnoseScreen]:
    app = pilot.app
    assert isinstance(app, RolescopeApp)
    await until(pilot, lambda: app.session.typed.label, "the drafts")
    await pilot.press("2")
    await until(pilot, lambda: isinstance(app.screen, DiagnoseScreen), "Diagnose")
    assert isinstance(app.screen, DiagnoseScreen)
    return app, app.screen


async def test_a_text_that_was_not_explained_is_back_in_the_next_run() -> None:
    async with running(FakeReader(kind="aws")) as pilot:
        app, screen = await _box(pilot)
        screen.input.box.paste("s3:PutObject was denied, somehow")
        await pilot.pause()
        await app.action_quit()
        assert app._exit
    async with running(FakeReader(kind="aws")) as pilot:
        app, screen = await _box(pilot)
        await seen(pilot, "s3:PutObject was denied, somehow")
        await pilot.press("ctrl+r")  # what was explained is no draft any longer
        assert "Diagnose" not in app.session.typed.drafts
        await until(pilot, lambda: screen.run_shown is not None, "the diagnosis")
        await pilot.press("o", "ctrl+t")
        form = {"form-principal": "web-frontend-ec2", "form-action": "s3:PutObject"}
        screen.input.form.fill(form)
        screen.note_typed()
        assert app.session.typed.drafts["Diagnose"].values == {**form, "text": ""}
        await pilot.press("ctrl+r")
        assert not app.session.typed.drafts
        app.exit()
    async with running(FakeReader(kind="aws")) as pilot:
        app, screen = await _box(pilot)
        assert not screen.input.box.whole


async def test_a_paste_keeps_the_text_that_it_replaces() -> None:
    async with running(FakeReader(kind="aws")) as pilot:
        _, screen = await _box(pilot)
        box = screen.input.box
        box.paste("half typed")
        await pilot.press("escape")
        for pasted in ("s3:PutObject was denied", "s3:GetObject was denied"):
            screen.post_message(events.Paste(pasted))
            await until(pilot, lambda text=pasted: box.whole == text, "the paste")  # type: ignore[misc]
            await seen(pilot, "The paste replaced your text. Your text is kept: f2 restores it")
        await seen(pilot, "23 characters, 1 line   f2 clears")
        await pilot.press("f2")
        assert box.whole == "s3:PutObject was denied\n\nhalf typed"
        await seen(pilot, "Your earlier text is restored; f2 clears it.")
        await pilot.press("f2")
        await seen(pilot, "Paste here what the failing program printed")


def test_every_place_counts_the_same_drafts() -> None:
    """The list of roles, Start and the sentence at the end; a new role's external ID is no draft of its own."""
    typed = Typed(label="demo", unfinished=("night-report",))
    assert typed.counted == "1 draft: new role night-report"
    typed.put("Diagnose", {"text": "denied, somehow"})
    assert typed.counted == "2 drafts: Diagnose, new role night-report"
    typed.put("Create", {"external ID": "hl-77-audit"})
    assert typed.count == len(list(draft_lines(typed, ()))) == 2
    assert "(2 drafts): Diagnose and the new role night-report" in typed.farewell()
    typed.put("the form of a-role-whose-name-is-long", {"text": "x"})
    assert typed.counted == "3 drafts"  # the line also counts other things


@pytest.mark.parametrize(("kind", "label"), [("demo", "demo"), ("snapshot", "snapshot-111122223333")])
async def test_a_form_and_a_new_role_outlive_the_demo_and_a_snapshot(
    kind: str, label: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    reader, on = FakeReader(kind=kind), Configuration()
    async with running(reader, configuration=on, role="web-frontend-ec2", wait_for="") as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await until(pilot, lambda: app.session.typed.label == label, "the drafts")
        await seen(pilot, "PERMISSIONS")
        await pilot.press("t")
        await seen(pilot, "Maximum session")
        await type_text(pilot, "serves the shop")
        await pilot.press("escape")
        await seen(pilot, "Your text is kept as a draft: t restores it.")
        await pilot.press("3")
        await until(pilot, lambda: isinstance(app.screen, CreateScreen) and app.screen.forms.kept_known, "Create")
        assert isinstance(app.screen, CreateScreen)
        app.screen.creation.draft.put(Place(What.NAME), "night-report")
        await app.action_quit()
        assert app._exit
        (farewell,) = app._exit_renderables
        assert "(2 drafts): the form of web-frontend-ec2 and the new role night-report" in str(farewell)
    async with running(reader, configuration=on, role="web-frontend-ec2", wait_for="") as pilot:
        again = pilot.app
        assert isinstance(again, RolescopeApp)
        await until(pilot, lambda: again.session.typed.label == label, "the drafts")
        await seen(pilot, "PERMISSIONS")
        await pilot.press("t")
        await seen(pilot, "Your earlier changes are restored; f2 shows the role's values.")
        await seen(pilot, "serves the shop")
        await pilot.press("f2")
        await gone(pilot, "serves the shop")
        await seen(pilot, "Your changes are kept: esc, then t restores them; f2 discards them.")
        await pilot.press("escape")
        await seen(pilot, "Your text is kept as a draft: t restores it.")
        await pilot.press("t")
        await seen(pilot, "serves the shop")
        await pilot.press("f2")
        await gone(pilot, "serves the shop")
        await pilot.press("f2")
        await seen(pilot, "Your changes are discarded.")
        await pilot.press("escape", "3")
        await seen(pilot, "The role night-report that you began in an earlier run is restored: f2 starts a new role.")
        assert isinstance(again.screen, CreateScreen)
        assert again.screen.creation.draft.name == "night-report" and not again.screen.creation.aside
        # Where it was left, and no key for another screen is typed into a field.
        assert again.screen.step is CreateStep.WHO
        create = again.screen
        await pilot.press("5", "3")
        await until(pilot, lambda: again.screen is create and not create.form.cursor, "Create again")
        await pilot.press("i")
        await until(pilot, lambda: create.form.cursor == "trust.kind", "the field")
        await again.action_quit()
    # A run in which Create was not opened counts it all the same.
    async with running(reader, configuration=on, wait_for="") as pilot:
        third = pilot.app
        assert isinstance(third, RolescopeApp)
        await until(pilot, lambda: third.session.typed.label == label, "the drafts")
        lines = [line.text for line in draft_lines(third.session.typed, {"web-frontend-ec2"})]
        assert lines == ["New role night-report"]
        await third.action_quit()
        assert "the new role night-report" in str(third._exit_renderables[0])


@pytest.mark.parametrize("text", ["aws sts assume-role --external-id hl-77-audit", "password: hunter2-4711"])
async def test_leaving_says_what_is_not_saved(text: str) -> None:
    async with running(FakeReader(kind="aws")) as pilot:
        app, screen = await _box(pilot)
        screen.input.box.paste(text)
        await pilot.pause()
        await app.action_quit()
        await seen(pilot, "it contains a credential or an external ID")
        assert isinstance(app.screen, Leaving) and not app._exit
        await pilot.press("s")
        assert not app._exit and screen.input.box.whole == text
        await app.action_quit()
        await until(pilot, lambda: isinstance(app.screen, Leaving))
        await pilot.press("l")
        await until(pilot, lambda: app._exit, "the end")


async def test_what_is_typed_before_the_drafts_are_read_and_the_earlier_text_are_both_kept() -> None:
    async with running(FakeReader(kind="aws")) as pilot:
        app, screen = await _box(pilot)
        screen.input.box.paste("s3:PutObject was denied, somehow")
        await pilot.pause()
        await app.action_quit()
    async with running(FakeReader(kind="aws")) as pilot:
        app, screen = await _box(pilot)
        await seen(pilot, "s3:PutObject was denied, somehow")
        screen._restored = False  # as if the account had still been read when 3 and 5 were pressed
        screen.input.box.take("35")
        screen.session_changed()
        await seen(pilot, "Your text from an earlier run is kept: f2 restores it")
        await app.action_quit()
    async with running(FakeReader(kind="aws")) as pilot:
        app, screen = await _box(pilot)
        await seen(pilot, "35")
        await pilot.press("f2")
        await seen(pilot, "s3:PutObject was denied, somehow")
