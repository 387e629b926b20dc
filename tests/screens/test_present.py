"""Screens and the present: what they state is from after this run's changes, or they say that it is not."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import screens
from iam.changes.entity_name import EntityKind, EntityName, entities_of
from iam.changes.journal import CallProgress, CallState, End, JournalRecord
from iam.changes.plan import Call, Plan, make_plan
from iam.changes.undo_plan import undone_by
from screens.activity.screen import ActivityScreen
from screens.copy.menu import CopyMenu
from screens.create.screen import CreateScreen
from screens.create.steps import CreateStep
from screens.diagnose.screen import DiagnoseScreen
from screens.frame.base import BaseScreen
from screens.messages import DiagnoseRole
from screens.plan.records import made_in_run
from screens.plan.screen import PlanScreen
from screens.role.last_accessed import LastAccessedScreen
from screens.role.right_size import RightSizeScreen
from screens.role.screen import RoleScreen
from screens.role.users import UsersScreen
from screens.roles.compare import CompareScreen
from screens.run_writes import RunWrites
from screens.use.screen import UseScreen
from screens.who_can.screen import WhoCanScreen
from screens.widgets.table import VirtualTable
from tests.support.driving.diagnosing import answered
from tests.support.driving.plans import ROLE, opened, over
from tests.support.driving.seeing import screen_text, seen, until

if TYPE_CHECKING:
    from iam.demo.aws.world import World

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
OTHER = "orders-api-lambda"


def tagging(role: str, number: int = 0) -> Plan:
    call = Call("TagRole", {"RoleName": role, "Tags": {"n": str(number)}}, "Tag it.", f"arn:aws:iam::1:role/{role}")
    untag = Call("UntagRole", {"RoleName": role, "TagKeys": ("n",)}, "Untag it.", f"arn:aws:iam::1:role/{role}")
    return make_plan(f"tag {role}", "Tags it.", [Call(**{**_fields(call), "undo": untag})], target=call.target)


def _fields(call: Call) -> dict[str, object]:
    return {name: getattr(call, name) for name in ("operation", "parameters", "why", "target")}


def test_what_was_read_before_a_write_is_older_than_it_until_it_is_read_again() -> None:
    one, other = (frozenset((EntityName(EntityKind.ROLE, name),)) for name in ("one", "other"))
    writes = RunWrites()
    before = writes.present
    writes.add(tagging("one"), NOW)
    during = writes.present  # an account in which the change is not yet read back
    writes.read_back(writes.writes[0].plan_id)
    after = writes.present
    for stamp, entities, old in (
        (before, one, True),
        (before, None, True),
        (before, other, False),
        (before, (), False),
        (during, one, True),
        (during, other, False),
        (after, one, False),
        (after, None, False),
    ):
        assert (writes.after(stamp, entities) is not None) is old, (stamp, entities)
    assert writes.after(before, None, but=writes.writes[0].plan_id) is None


def record_of(plan: Plan, minutes: int, progress: CallProgress = CallProgress.DONE) -> JournalRecord:
    from pathlib import Path

    when = NOW + timedelta(minutes=minutes)
    end = {CallProgress.DONE: End.APPLIED, CallProgress.UNDONE: End.ROLLED_BACK}.get(progress)
    return JournalRecord(Path("x"), plan, (CallState(progress, ended=when),), end, "demo", "carla", when, 1)


def test_leaving_names_the_changes_that_were_not_undone() -> None:
    from dataclasses import replace

    one, two = record_of(tagging("one"), 0), record_of(tagging("two", 1), 1)
    mine = tuple(replace(each, process=os.getpid()) for each in (two, one))
    assert made_in_run(mine).startswith("2 changes made: ")
    undo = replace(record_of(replace(tagging("one", 2), undoes=one.plan.id), 2), process=os.getpid())
    assert (
        made_in_run((undo, *mine)) == f"1 change made: {two.plan.title}. Activity (5) has the undo, also in later runs."
    )
    assert not made_in_run((one, two))  # of another process


def test_an_undo_counts_while_it_is_in_force() -> None:
    from dataclasses import replace

    change = record_of(tagging("one"), 0)
    undo = record_of(replace(tagging("one", 1), undoes=change.plan.id), 1)
    redo = record_of(replace(tagging("one", 2), undoes=undo.plan.id), 2)
    taken_back = record_of(replace(tagging("one", 3), undoes=change.plan.id), 1, CallProgress.UNDONE)
    untried = record_of(replace(tagging("one", 4), undoes=change.plan.id), 1, CallProgress.WAITING)
    begun = record_of(replace(tagging("one", 5), undoes=change.plan.id), 1, CallProgress.STARTED)
    cases: tuple[tuple[tuple[JournalRecord, ...], JournalRecord | None], ...] = (
        ((change,), None),
        ((undo, change), undo),
        ((redo, undo, change), None),
        ((taken_back, change), None),
        ((untried, change), None),
        ((begun, change), begun),
    )
    for records, expected in cases:
        assert undone_by(change, records) is expected


def _screens() -> Iterator[type[BaseScreen]]:
    for module in pkgutil.walk_packages(screens.__path__, "screens."):
        importlib.import_module(module.name)
    waiting = [BaseScreen]
    while waiting:
        for each in waiting.pop().__subclasses__():
            waiting.append(each)
            if each.__module__.startswith("screens.") and "compose_body" in vars(each):
                yield each


DRAWN_FROM_THE_ACCOUNT = {"RolesScreen", "ReviewScreen"}
"""What they show is drawn again from the account in memory each time that it changes."""


def test_every_screen_says_what_it_rests_on() -> None:
    """A screen that computes or reads something when it is opened notes when, or is drawn anew with the account."""
    silent = [
        each.__name__
        for each in _screens()
        if each.__name__ not in DRAWN_FROM_THE_ACCOUNT
        and not {"rests_on", "ask_again"}
        & {name for one in each.__mro__[: each.__mro__.index(BaseScreen)] for name in vars(one)}
        and "read_at" not in each.__init__.__code__.co_names
        and each.__name__ != "DetailScreen"  # its opener gives it the time of the diagnosis
    ]
    assert silent == []


def test_findings_that_a_change_made_old_leave_the_list_of_roles() -> None:
    from diagnostics.review.rules.care import UNATTACHED
    from diagnostics.roles.rows import make_rows
    from iam.account import Account
    from screens.roles.screen import RolesScreen
    from screens.session import Session
    from tests.support.accounts.fake_reader import ROLES

    screen = RolesScreen(Session())
    rows = make_rows(Account("111122223333", "aws", NOW, roles=ROLES), NOW, {}, "")
    screen.findings = {ROLES[0].arn: (UNATTACHED.finding(ROLES[0].arn, "It is."),)}
    shown = screen._with_findings(rows)
    assert shown[ROLES[0].name].findings and all(row.cells[-1] for row in shown.values())
    screen.findings = None
    dropped = screen._with_findings(shown)
    assert not any(row.findings or row.cells[-1] for row in dropped.values())


async def test_change_undo_and_looking_elsewhere(demo_world: World) -> None:
    """Over all kinds of screens: after a change, its undo and a change of something else, none is silently old."""
    from iam.demo.open import reader

    async with opened(reader(demo_world)) as (app, pilot):
        session = app.session
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, DiagnoseScreen))
        text = f"User: arn:aws:sts::111122223333:assumed-role/{ROLE}/i-1 is not authorized to perform: ec2:RunInstances"
        await answered(pilot, text)
        diagnose = app.screen
        assert isinstance(diagnose, DiagnoseScreen)
        who_can = WhoCanScreen(session, f"iam:PassRole on {ROLE}", ask=True)
        about_role: tuple[BaseScreen, ...] = (
            UsersScreen(session, ROLE),
            LastAccessedScreen(session, ROLE),
            PlanScreen(session, tagging(ROLE, 9)),
        )
        about_account: tuple[BaseScreen, ...] = (
            UseScreen(session, ROLE),
            WhoCanScreen(session, f"from {ROLE}", ask=True),
            RightSizeScreen(session, ROLE),
            who_can,
        )
        drawn: tuple[BaseScreen, ...] = (RoleScreen(session, ROLE), CompareScreen(session, ROLE, OTHER))
        for screen in (*drawn, *about_role, *about_account):
            await app.push_screen(screen)
        await until(pilot, lambda: who_can.access is not None, "the answer")
        assert not any(each.changed_since for each in (*drawn, *about_role, *about_account, diagnose))

        async def carried_out(plan: Plan) -> PlanScreen:
            screen = PlanScreen(session, plan)
            await app.push_screen(screen)
            await pilot.press("ctrl+r")
            await seen(pilot, "not now")
            await pilot.press("y")
            await over(pilot, screen)
            return screen

        account = session.account
        assert account is not None
        for step, role in enumerate((ROLE, OTHER, ROLE)):
            from dataclasses import replace

            stamps = {each: each.read_at for each in about_account}
            plan = replace(tagging(role, step), account_id=account.id)
            done = await carried_out(plan)
            touched = role == ROLE
            assert all((each.changed_since is not None) is (touched or step > 0) for each in about_role), step
            assert all(each.changed_since is not None for each in (*about_account, diagnose)), step
            assert not any(each.changed_since for each in drawn), step  # they are drawn from what was read back
            assert done.changed_since is None
            assert stamps == {each: each.read_at for each in about_account}
            # Its undo: refused a second time, and the change says what became of it.
            await pilot.press("u")
            await until(pilot, lambda done=done: app.screen is not done, "the undo's plan")
            undo = app.screen
            assert isinstance(undo, PlanScreen)
            await pilot.press("ctrl+r")
            await seen(pilot, "not now")
            await pilot.press("y")
            await over(pilot, undo)
            assert undo.state.end is End.APPLIED
            await until(pilot, lambda: any(each.plan.undoes for each in session.changes), "the journals")
            await pilot.press("escape")
            await seen(pilot, "Done, then undone")
            command = done.command_for("undo")
            assert command is not None and "was undone at" in done.why_not(command)
            await pilot.press("escape")
        # What is in sight says so, and reads again with r.
        assert app.screen is who_can
        await seen(pilot, "by you · r reads again · your change: ")
        await pilot.press("r")
        await until(pilot, lambda: who_can.changed_since is None and who_can.access is not None, "the answer again")
        assert "by you" not in screen_text(app)
        # Activity starts at the newest change, and says which are undone.
        await pilot.press("5")
        await until(pilot, lambda: isinstance(app.screen, ActivityScreen))
        await seen(pilot, "undone at")
        table = app.screen.query_one("#changes", VirtualTable)
        assert table.row is not None and table.row.id == session.changes[0].plan.id
        # d on a role starts anew: the answer of before is put away, and H lists it.
        await pilot.press("2", "2")
        await seen(pilot, "by you")
        # What is copied says that it is older.
        await pilot.press("y")
        await seen(pilot, "the verdict")
        menu = app.screen
        assert isinstance(menu, CopyMenu)
        told = {each.label: each.text for each in menu.copies}
        assert told["the verdict"].startswith("Read before your change “")
        await pilot.press("escape")
        # A change of something that the answer does not name is said as such, also in what is copied and exported.
        await pilot.press("r")
        await until(pilot, lambda: diagnose.run_shown is not None and diagnose.run_shown.ended, "the answer again")
        assert diagnose.changed_since is None
        session.writes.add(tagging(OTHER, 7), NOW)
        diagnose.show_age()
        await seen(pilot, "Read before your change elsewhere · r reads again")
        assert diagnose.changed_since is not None
        assert diagnose.stale_note.endswith(", which does not affect anything named here.")
        await pilot.press("e", "v")
        await seen(pilot, "> Read before your change “")
        await pilot.press("escape")
        session.writes.add(tagging(ROLE, 8), NOW)
        assert diagnose.stale_note.endswith(": ask again.")
        role = session.role(OTHER)
        assert role is not None and diagnose.run_shown is not None
        app.post_message(DiagnoseRole(role.arn))
        await until(pilot, lambda: diagnose.run_shown is None, "a new diagnosis")
        assert diagnose.changed_since is None and not diagnose.input.box.whole and diagnose.runs.all


async def test_the_result_of_a_creation_ends_with_its_undo(demo_world: World) -> None:
    from tests.support.driving.creating import wizard

    async with wizard(demo_world) as w:
        await w.choose("AWS account")
        await w.fill(external_id="hl-77-audit")
        await w.on(CreateStep.MAY)
        await w.on(CreateStep.DETAILS)
        await w.type("undone-later")
        await w.made()
        screen = w.app.screen
        assert isinstance(screen, CreateScreen)
        await until(w.pilot, lambda: not screen.result.trying and screen._record is not None, "the tries")
        await w.press("u")
        await until(w.pilot, lambda: isinstance(w.app.screen, PlanScreen), "the undo's plan")
        undo = w.app.screen
        assert isinstance(undo, PlanScreen) and undo.plan.undoes
        assert EntityName(EntityKind.ROLE, "undone-later") in entities_of(undo.plan)
        await w.press("ctrl+r")
        await seen(w.pilot, "not now")
        await w.press("y")
        await until(w.pilot, lambda: undo.state.end is End.APPLIED, "the end")
        await w.press("escape")
        await seen(w.pilot, "no longer exists")
        shown = screen_text(w.app)
        assert "created  " not in shown and "checks passed" not in shown
        assert "by you" not in shown  # it says what is so now
        for action in ("use", "open"):
            command = screen.command_for(action)
            assert command is not None and "The creation of undone-later was undone" in screen.why_not(command)


def test_the_help_of_a_screen_names_keys_that_it_has() -> None:
    """A sentence of it that begins with one letter and a verb speaks of a key."""
    named = 0
    for screen in {*_screens()}:
        module = importlib.import_module(screen.__module__)
        source = inspect.getsource(screen.words)
        told = "".join(
            [re.sub(r'"\s*\n\s*f?"', "", source)]
            + [
                value
                for name in re.findall(r"\b[A-Z_]{4,}\b", source)
                if isinstance(value := vars(module).get(name), str)
            ]
        )
        keys = re.findall(r'[.;:"] ?([a-zA-Z]) [a-z]+s\b', told)
        has = {key for command in screen.DECLARED for key in command.keys.split(",")} | set("r")
        named += len(keys)
        assert not {*keys} - has, (screen.__name__, keys)
    assert named > 2
