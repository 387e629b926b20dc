"""Start lists what needs attention, and each line opens its place."""

from __future__ import annotations

from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

from diagnostics.history.log import entries
from iam.changes.builders.policies import new_version, put_inline
from iam.creation.plan import create_role
from iam.creation.spec import RoleSpec
from iam.history.gather import recorded_for
from iam.sources.reader.opened import OpenedAccount
from screens.plan.run import Order, carry_out
from screens.role.screen import RoleScreen
from screens.start.lines import Place, StartLine, change_lines, section
from screens.widgets.table import VirtualTable
from tests.support.driving.seeing import running, screen_text, seen, until
from tests.support.gate.let_through import let_through
from tests.support.papers.picture import demo
from tui.app import RolescopeApp

if TYPE_CHECKING:
    from iam.demo.aws.world import World


async def test_what_needs_attention_is_listed_and_each_line_opens_its_place() -> None:
    async with running(demo(), size=(120, 50)) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        assert " today" not in screen_text(app)  # nothing was looked at yet
        draft = "Inline policy p of orders-api-lambda"
        app.session.typed.put(draft, {"text": "{}"})
        await pilot.press("0")
        await until(pilot, lambda: app.current_mode == "start", "Start")
        table = app.screen.query_one(VirtualTable)
        await until(pilot, lambda: table.go_to("role/orders-api-lambda"), "the draft")
        await seen(pilot, "Unfinished changes: none")
        await until(pilot, lambda: app.session.findings is not None, "the review")
        for words in ("Critical and high findings", "What breaks soon", "was denied", "Changes of the last day"):
            await seen(pilot, words)
        await seen(pilot, "Not read")
        await pilot.press("enter")
        await seen(pilot, "Your earlier text is restored")
        assert "Inline policy p of orders-api-lambda" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, RoleScreen), "the role")
        await pilot.press("escape")
        await until(
            pilot, lambda: app.screen.query(VirtualTable) and app.screen.query_one(VirtualTable) is table, "Start"
        )
        # The cursor stays on its line while others come above it, and x discards what was typed there.
        assert table.row is not None and table.row.id == "role/orders-api-lambda"
        await pilot.press("x")
        await seen(pilot, f"Discard: {draft}")
        await pilot.press("y")
        await until(pilot, lambda: draft not in app.session.typed.drafts, "the draft to go")
        await pilot.press("x")
        await seen(pilot, "Only unused text that you typed can be discarded here")

        def rows() -> dict[str, str]:
            return {row.id: row.cells[1].strip() for row in app.screen.query_one(VirtualTable).rows}

        found = rows()
        wide = next(id for id, text in found.items() if text.startswith("Accepts tokens from more than one"))
        denied = next(id for id, text in found.items() if text.startswith("user ben was denied"))
        changed = next(id for id in found if id.startswith("history/"))
        for id, words in (
            (wide, "rule:trust.wide-subject"),
            (denied, "FIX 1"),
            (changed, "History"),
        ):
            await pilot.press("0")
            await until(pilot, lambda: app.current_mode == "start", "Start")
            app.screen.query_one(VirtualTable).go_to(id)
            await pilot.press("enter")
            await seen(pilot, words)
        await pilot.press("1")
        await seen(pilot, "denials today · 0: Start")
        await seen(pilot, " high · ")


async def test_a_severity_has_its_shape_and_a_title_is_bold() -> None:
    async with running(demo(), size=(120, 50)) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await pilot.press("0")
        await until(pilot, lambda: app.session.findings is not None, "the review")
        await seen(pilot, "lambda could not assume invoice-render-lambda")
        table = app.screen.query_one(VirtualTable)
        found = [row.id for row in table.rows]
        assert table.row is not None and table.row.id == found[found.index("Critical") + 1]  # found last, nobody moved
        signs = {row.cells[2]: row.cells[0] for row in table.rows if row.cells[0]}
        assert signs["critical"] == "◆" and signs["high"] == "▲"
        title = table.render_lines(table.size.region)[0]
        words = [each for each in title if "Critical and high" in each.text]
        assert words and all(each.style is not None and each.style.bold for each in words)


def test_a_long_section_ends_with_the_place_that_has_all() -> None:
    lines = [StartLine(f"{number} \x1b[31m", "", Place("review")) for number in range(40)]
    found = section("Findings", lines, "none", Place("review", "severity:high")).lines
    assert len(found) == 13 and found[-1].text == "and 28 more" and found[-1].place.words == "severity:high"
    assert "\x1b" not in found[0].text
    assert section("Findings", [], "none").said == "none"


def test_a_change_of_ones_own_is_one_line_with_one_time_by_the_clock_of_the_account(demo_world: World) -> None:
    """The demo's CloudTrail has the calls of a plan at once, and its clock is not this machine's."""
    from iam.demo.open import reader as open_reader

    reader = open_reader(demo_world)
    account = list(reader.accounts())[-1]
    role = account.role("web-frontend-ec2")
    policy = next(each for each in account.policies if each.name == "app-assets-read")
    assert role is not None and policy is not None
    allow = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}'
    plans = (
        new_version(policy, allow, account),
        put_inline(role, "lists", allow, account),
        create_role(RoleSpec(name="night-report", trust=role.trust), account),
    )
    since = reader.clock() - timedelta(seconds=5)
    for plan in plans:
        carry_out(Order.APPLY, let_through(plan), reader, writable=True, stop=Event(), tell=lambda message: None)
    opened = OpenedAccount(account, reader)
    found = recorded_for((), opened, since, whole=True)
    done = [call.operation for plan in plans for call in plan.calls]
    assert sorted(each.event for each in found.changes) == sorted(done)
    assert all(each.at <= reader.clock() for each in found.changes)
    lines = [line.text for line in change_lines(entries(found.history(opened)), reader.clock())]
    assert any("saved v6 of the policy app-assets-read" in each for each in lines), lines
