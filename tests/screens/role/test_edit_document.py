"""``o`` and the documents of ``m``: edited here or in the operator's editor, checked, planned, and never lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from textual.widgets import TextArea

from iam.changes.plan import Plan, PlanError
from iam.sources.aws.reader import AwsReader
from screens.plan.forms import FORMS, texts_of
from screens.role.edit_document import EditChecked, EditDocument
from screens.widgets.form.document import DocumentArea, DocumentBox
from screens.widgets.styles import ALSO_AT_FAULT, NAME
from tests.support.accounts.documents import READ
from tests.support.driving.role_changes import carried_out, choose, menu, now, opened, planned, typed
from tests.support.driving.role_changes import own_state as own_state
from tests.support.driving.role_changes import reader as reader
from tests.support.driving.seeing import screen_text, seen, set_filter, until

ROLE = "orders-api-lambda"
OTHER = {
    "Effect": "Allow",
    "Principal": {"AWS": "999988887777"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:ExternalId": "x"}},
}


@pytest.fixture
def edits(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[str], str]]:
    """What the operator does in the editor, one after the other."""
    from textual.app import App

    steps: list[Callable[[str], str]] = []

    @contextmanager
    def suspend(self: App[Any]) -> Iterator[None]:
        yield

    monkeypatch.setattr(App, "suspend", suspend)
    monkeypatch.setattr("screens.role.edit_document.edit", lambda text, name: steps.pop(0)(text))
    return steps


def with_statement(text: str) -> str:
    document = json.loads(text.replace("Servise", "Service"))
    return json.dumps({**document, "Statement": [*document["Statement"], OTHER]}, indent=2)


async def test_a_trust_policy_with_a_mistake_is_mended_applied_and_undone(
    reader: AwsReader, edits: list[Callable[[str], str]]
) -> None:
    before = now(reader, ROLE)
    edits += [lambda text: text.replace("Service", "Servise"), with_statement]
    async with opened(reader, (80, 24), role=ROLE) as (app, pilot):
        await seen(pilot, "TRUST")
        await pilot.press("o")
        await seen(pilot, "INVALID_PRINCIPAL_KEY")
        # The line at fault is marked, and f8 goes there.
        area = app.screen.query_one(DocumentArea)
        [fault] = area.faulty
        assert "Servise" in area.document.get_line(fault)
        await pilot.press("f8")
        assert area.cursor_location == (fault, 0)
        assert {str(span.style) for span in area.get_line(fault).spans} >= {str(NAME), str(ALSO_AT_FAULT)}
        assert "line 7" in screen_text(app)
        # While a plan is being made, escape stops that alone.
        editor = app.screen
        assert isinstance(editor, EditDocument)
        asked, begun = Event(), Event()

        def slowly(_: object) -> Plan:
            begun.set()
            asked.wait(60)
            raise PlanError("too late")

        editor.plan_change(slowly)
        await until(pilot, begun.is_set, "the work on the plan")
        await pilot.press("escape")
        await seen(pilot, "Stopped: no plan was made.")
        asked.set()
        assert app.screen is editor and not editor.making_plan
        await pilot.press("ctrl+r")
        await seen(pilot, "is not an element of the Principal")
        await pilot.press("ctrl+o")
        plan = await planned(pilot)
        assert "can now assume orders-api-lambda if sts:ExternalId is x" in " ".join(screen_text(app).split())
        assert plan.plan.type_name == ROLE  # another account gains
        # A form that cannot say the plan is not offered.
        offered = {name for name in FORMS if not plan.why_not(plan.command_for(name))}  # type: ignore[arg-type]
        assert offered == set(texts_of(plan.plan)) < set(FORMS)
        await carried_out(pilot, plan)
        await pilot.press("u")
        undo = await planned(pilot, after=plan)
        await carried_out(pilot, undo)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is plan, "the plan")
        await pilot.press("escape")
        await seen(pilot, "PERMISSIONS")
    assert now(reader, ROLE) == before


async def test_a_new_inline_policy_is_typed_left_and_taken_up_again(reader: AwsReader) -> None:
    async with opened(reader, role=ROLE) as (app, pilot):
        await seen(pilot, "PERMISSIONS")
        await choose(pilot, "i", "from-here")
        await seen(pilot, "Inline policy from-here")
        app.screen.query_one(TextArea).text = READ.text
        await seen(pilot, "IAM accepts this policy, and no check found a problem")
        await seen(pilot, "AWS's own check (ValidatePolicy) found no")
        await pilot.press("escape")
        await seen(pilot, "Your text is kept until you quit")  # drafts are off in this configuration
        await choose(pilot, "i", "from-here")
        await seen(pilot, "Your earlier text is restored")
        await pilot.press("f2")
        await seen(pilot, "This is the text without your changes. Your text is kept")
        assert app.screen.query_one(TextArea).text != READ.text
        # Leaving after f2 keeps the draft, as leaving before it does.
        await seen(pilot, "Statement")
        await pilot.press("escape")
        await seen(pilot, "Your text is kept until you quit")
        drafts, [place] = app.session.typed.drafts, app.session.typed.drafts
        began = drafts[place].began
        drafts[place] = replace(drafts[place], began=READ.text.replace("s3:Get", "s3:Put"))
        await choose(pilot, "i", "from-here")
        await seen(pilot, "Your earlier text is restored. The document has changed since you began; f6 shows how.")
        await seen(pilot, "The document has changed since you began this text: it")
        await pilot.press("f6")
        await seen(pilot, "What your text changes")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, EditDocument), "the editor")
        assert drafts[place].began != began
        await pilot.press("escape")
        await seen(pilot, "Your text is kept until you quit")
        drafts[place] = replace(drafts[place], began=began)
        await choose(pilot, "i", "from-here")
        await seen(pilot, "Your earlier text is restored; f2 shows the document without your changes.")
        assert app.screen.query_one(TextArea).text == READ.text
        await pilot.press("f2")
        await seen(pilot, "Your text is kept: ctrl+z restores it, f2 discards it.")
        await pilot.press("f2")  # pressed twice, it needs no second undo
        await seen(pilot, "Your text is discarded")
        assert not app.session.typed.drafts
        await pilot.press("ctrl+z")
        await seen(pilot, "IAM accepts this policy, and no check found a problem")
        assert app.screen.query_one(TextArea).text == READ.text
        # Text that is no JSON is said once, and AWS is not asked about it.
        app.screen.query_one(TextArea).text = '{"Version": "2012-10-17'
        await seen(pilot, "The document is not JSON")
        said: list[EditChecked] = []
        screen, role = app.screen, app.session.role(ROLE)
        assert isinstance(screen, EditDocument) and role is not None and app.session.account is not None
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(screen, "post_message", said.append)
            screen._look('{"Version": "2012-10-17', role, app.session.account, False, reader)
        assert [(each.fault, each.aws) for each in said] == [("", "")] and said[0].findings
        # What the string at the cursor may become is suggested; tab takes it, and goes to the next pane elsewhere.
        area = app.screen.query_one(DocumentArea)
        await until(pilot, lambda: area.names is not None, "the names")
        area.text = '{\n  "Statement": ['
        area.move_cursor(area.document.end)
        await pilot.press("enter")
        assert area.text.endswith("[\n    ") and area.cursor_location == (2, 4)
        area.text = '{"Statement": [{"Action": ["s3:getobject'
        area.move_cursor(area.document.end)
        await pilot.press("a")
        await seen(pilot, "tab s3:GetObjectAcl")
        assert area.suggestion == "cl"
        assert [each.text for each in area.render_line(0) if each.style and each.style.dim and each.style.italic] == [
            "c", "l"
        ]  # fmt: skip
        # Beside a word with an error, the rest of the suggestion would make it look correct.
        box = app.screen.query_one(DocumentBox)
        box.mark_faults([(1, "There is no action s3:getobjecta. Did you mean s3:GetObjectAcl?")])
        assert not area.suggestion and area.candidates[0] == "s3:GetObjectAcl"
        await pilot.press("ctrl+n", "tab")
        assert area.text.endswith('"s3:GetObjectAnnotation') and area.has_focus
        await pilot.press("quotation_mark", "right_square_bracket", "left")
        assert not area.candidates
        assert area.matching_bracket_location == (0, area.text.index('["'))
        area.text = READ.text
        await seen(pilot, "IAM accepts this policy, and no check found a problem")
        await pilot.press("ctrl+r")
        plan = await planned(pilot)
        assert plan.plan.effects.gained
        assert not plan.plan.effects.lost
        await carried_out(pilot, plan)
        await pilot.press("escape")
        await seen(pilot, "TRUST")
    assert "from-here" in {each.name for each in now(reader, ROLE).inline or ()}


async def test_what_aws_would_refuse_is_said_and_the_text_stays(
    reader: AwsReader, edits: list[Callable[[str], str]]
) -> None:
    nobody = "arn:aws:iam::111122223333:role/nobody"
    edits.append(lambda text: with_statement(text).replace("999988887777", nobody))
    async with opened(reader, role=ROLE) as (app, pilot):
        await seen(pilot, "TRUST")
        await pilot.press("o")
        await seen(pilot, "names the role nobody, which does not exist")
        screen = app.screen
        assert isinstance(screen, EditDocument)
        text = screen.query_one(TextArea).text
        assert nobody in text
        # The check without AWS may end after the one with it: what AWS says of the same text stays.
        await until(pilot, lambda: screen._whole, "AWS's own check")
        screen.post_message(EditChecked(text, "the shorter check", (), {}))
        await pilot.pause()
        assert "the shorter check" not in screen_text(app)


async def test_nothing_saved_leads_back(reader: AwsReader, edits: list[Callable[[str], str]]) -> None:
    edits.append(lambda text: text)
    async with opened(reader, role=ROLE) as (app, pilot):
        await seen(pilot, "TRUST")
        await pilot.press("o")
        await until(pilot, lambda: not edits and not isinstance(app.screen, EditDocument), "the role")


async def test_three_marked_roles_are_one_plan_with_one_undo(reader: AwsReader) -> None:
    names = ("orders-api-lambda", "orders-ecs-execution", "orders-ecs-task")
    before = [now(reader, name) for name in names]
    async with opened(reader) as (_, pilot):
        set_filter(pilot, "orders")
        await seen(pilot, "4 of 32 roles")
        await pilot.press("space", "space", "space")
        await seen(pilot, "3 marked")
        await menu(pilot, "a")
        await seen(pilot, "3 roles: attach a policy")
        typed(pilot, "AmazonS3ReadOnlyAccess")
        await seen(pilot, "AmazonS3ReadOnlyAccess")
        await pilot.press("enter")
        plan = await planned(pilot)
        assert [call.text("RoleName") for call in plan.plan.calls] == list(names)
        assert len(plan.plan.effects.said) <= 3
        await carried_out(pilot, plan)
        await pilot.press("u")
        await carried_out(pilot, await planned(pilot, after=plan))
    assert [now(reader, name) for name in names] == before


async def test_a_plan_for_several_says_what_is_to_be_typed(reader: AwsReader) -> None:
    async with opened(reader) as (_, pilot):
        set_filter(pilot, "orders")
        await seen(pilot, "4 of 32 roles")
        await pilot.press("space", "space", "space")
        await seen(pilot, "3 marked")
        await menu(pilot, "x")
        await planned(pilot)
        await pilot.press("ctrl+r")
        await seen(pilot, 'Type "3 roles" to go on')


async def test_marked_roles_are_tagged_in_one_plan(reader: AwsReader) -> None:
    names = ("orders-api-lambda", "orders-ecs-execution", "orders-ecs-task")
    async with opened(reader) as (_, pilot):
        set_filter(pilot, "orders")
        await seen(pilot, "4 of 32 roles")
        await pilot.press("space", "space", "space")
        await seen(pilot, "3 marked")
        await pilot.press("t")
        await seen(pilot, "3 roles: add tags")
        typed(pilot, "owner")
        await pilot.press("enter")
        await seen(pilot, "owner is not a tag")
        await pilot.press("t")
        await seen(pilot, "3 roles: add tags")
        typed(pilot, "owner=carla, cost center=1080")
        await pilot.press("enter")
        plan = await planned(pilot)
        assert [call.text("RoleName") for call in plan.plan.calls] == list(names)
        assert {tuple(call.parameters["Tags"]) for call in plan.plan.calls} == {("owner", "cost center")}


async def test_where_awss_own_check_is_denied_the_linter_goes_on_and_it_is_said(
    reader: AwsReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    from iam.policy.lint import LintFinding, LintSeverity
    from iam.sources.reader.reading import Reading

    answers = [
        Reading("access-analyzer:ValidatePolicy", why="You may not access-analyzer:ValidatePolicy."),
        Reading(
            "access-analyzer:ValidatePolicy",
            (LintFinding("ONLY_AWS_KNOWS", LintSeverity.WARNING, "Of AWS's own.", 1, 1, source="aws"),),
        ),
    ]
    monkeypatch.setattr(type(reader), "validate_policy", lambda *_: answers.pop(0))
    async with opened(reader, role=ROLE) as (app, pilot):
        await seen(pilot, "PERMISSIONS")
        await choose(pilot, "i", "from-here")
        await seen(pilot, "Inline policy from-here")
        await seen(pilot, "AWS's own check could not be run: You may not access-analyzer:ValidatePolicy")
        app.screen.query_one(TextArea).text = READ.text
        await seen(pilot, "AWS, line 1: Of AWS's own. (ONLY_AWS_KNOWS)")
