"""Change, undo and look elsewhere, over all screens of the demo: a screen that is older than the account says so.

    python -m tests.support.driving.present SEQUENCES SEED

Each sequence opens a screen, carries out a change of a role over it, and looks at it again; opens another screen, takes
the change back, and looks at the first one once more. What the screen shows is compared with the same screen opened
anew: where they differ, and it has no mark that it is older, its sentences are stale. Prints each look and each such
screen; exits 1 where there is one.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.pilot import Pilot

from diagnostics.plans.changes import Attach, Change, Describe, Detach, Disable, PutInline, SessionLength, SetTags
from diagnostics.plans.role_change import change_plan
from iam.changes.plan import Plan, PlanError
from iam.policy.document import Document
from iam.sources.reader.opened import OpenedAccount
from iam.sources.source_error import SourceError
from screens.frame.base import BaseScreen
from screens.frame.header import Header
from screens.roles.preview import PREVIEW_DELAY
from screens.session import Session
from screens.widgets.footer import Footer
from tests.support.accounts.fake_reader import make_app
from tests.support.driving.seeing import until

if TYPE_CHECKING:
    from tui.app import RolescopeApp

ROLES = ("orders-api-lambda", "web-frontend-ec2", "ci-pipeline-builder", "project-developer", "report-worker-ec2")
_WIDE = Document('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}')
_ASIDE = re.compile(r"[▸▌▐─━┏┓┗┛╭╮╰╯│┃]")
"""The cursor, scroll bars and frames: they are as the operator left them."""
_CLOCK = re.compile(r"\d+ (?:s|min|h|d|seconds?|minutes?) ago|just now|\d\d:\d\d(?::\d\d)?|\d+ ms")


def _screens() -> dict[str, Callable[[Session, str], BaseScreen]]:
    from screens.history.screen import role_history
    from screens.review.screen import ReviewScreen
    from screens.role.last_accessed import LastAccessedScreen
    from screens.role.right_size import RightSizeScreen
    from screens.role.screen import RoleScreen
    from screens.role.users import UsersScreen
    from screens.roles.compare import CompareScreen
    from screens.roles.screen import RolesScreen
    from screens.start.screen import StartScreen
    from screens.use.screen import UseScreen
    from screens.who_can.screen import WhoCanScreen

    return {
        "role": RoleScreen,
        "users": UsersScreen,
        "last accessed": LastAccessedScreen,
        "right-size": RightSizeScreen,
        "use": UseScreen,
        "who can": lambda session, name: WhoCanScreen(session, f"assume {name}", ask=True),
        "reach": lambda session, name: WhoCanScreen(session, f"from {name}", ask=True),
        "who can do": lambda session, name: WhoCanScreen(session, "s3:GetObject", ask=True),
        "compare": lambda session, name: CompareScreen(session, name, ROLES[0] if name != ROLES[0] else ROLES[1]),
        "history": role_history,
        "roles": lambda session, name: RolesScreen(session),
        "review": lambda session, name: ReviewScreen(session),
        "start": lambda session, name: StartScreen(session),
    }


def _changes(dice: random.Random) -> tuple[Change, ...]:
    return (
        SetTags({"n": str(dice.randrange(1000))}),
        Describe(f"described {dice.randrange(1000)}"),
        SessionLength(dice.choice((7200, 10800, 14400))),
        PutInline("wide", _WIDE),
        Attach("arn:aws:iam::aws:policy/ReadOnlyAccess"),
        Detach("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"),
        Disable(),
    )


@dataclass
class Tally:
    """What was looked at, by kind of screen, and what was stale without a mark."""

    looks: Counter[str] = field(default_factory=Counter)
    marked: Counter[str] = field(default_factory=Counter)
    stale: list[str] = field(default_factory=list)


def shown(screen: BaseScreen) -> list[str]:
    """The lines of a screen without header, footer and the line that says its age; times of the clock are left out."""
    skipped = {row for widget in (*screen.query(Header), *screen.query(Footer)) for row in _rows(widget.region)}
    skipped |= set(_rows(screen._age_line.region)) if screen._age_line.display else set()
    strips = screen._compositor.render_strips()
    lines = ("".join(segment.text for segment in strip).rstrip() for strip in strips)
    told = (
        " ".join(_ASIDE.sub(" ", _CLOCK.sub("", line)).split()) for row, line in enumerate(lines) if row not in skipped
    )
    return [line for line in told if line]


def _rows(region: object) -> range:
    return range(region.y, region.bottom)  # type: ignore[attr-defined]  # a Region


async def at_rest(pilot: Pilot[None]) -> None:
    app = pilot.app
    await pilot.pause(2 * PREVIEW_DELAY)  # the list of roles shows the one under the cursor a moment later
    await until(pilot, lambda: all(worker.is_finished for worker in app.workers), "the workers")
    await pilot.pause()
    await pilot.pause()


class Walk:
    """Sequences on one demo account."""

    def __init__(self, app: RolescopeApp, pilot: Pilot[None], dice: random.Random) -> None:
        self.app, self.pilot, self.dice, self.tally = app, pilot, dice, Tally()
        self.screens = _screens()

    async def sequence(self, number: int) -> None:
        role, (kind, elsewhere) = self.dice.choice(ROLES), self.dice.sample(sorted(self.screens), 2)
        plan = self._plan(role)
        if plan is None:
            return
        screen = await self._opened(kind, role)
        done = await self._carried_out(plan)
        await self._look(f"{number + 1}: {kind} of {role} after {plan.title}", kind, role, screen)
        await self._opened(elsewhere, role)
        self.app.pop_screen()
        await self.app.push_screen(done)
        await self.pilot.press("u")
        await until(self.pilot, lambda: self.app.screen is not done, "the undo's plan")
        await self._confirmed()
        await self.pilot.press("escape")
        await until(self.pilot, lambda: self.app.screen is done, "the plan")
        await self.pilot.press("escape")
        await self._look(f"{number + 1}: {kind} of {role} after the undo of {plan.title}", kind, role, screen)
        self.app.pop_screen()
        await self.pilot.pause()

    async def _opened(self, kind: str, role: str) -> BaseScreen:
        screen = self.screens[kind](self.app.session, role)
        await self.app.push_screen(screen)
        await at_rest(self.pilot)
        return screen

    def _plan(self, role: str) -> Plan | None:
        account, reader = self.app.session.account, self.app.session.reader
        assert account is not None and reader is not None
        for change in self.dice.sample(_changes(self.dice), 7):
            try:
                return change_plan([role], change, OpenedAccount(account, reader))
            except (PlanError, SourceError):
                continue
        return None

    async def _carried_out(self, plan: Plan) -> BaseScreen:
        from screens.plan.screen import PlanScreen

        screen = PlanScreen(self.app.session, plan)
        await self.app.push_screen(screen)
        await self._confirmed()
        self.app.pop_screen()
        return PlanScreen(self.app.session, plan, record=screen.state.record)

    async def _confirmed(self) -> None:
        from screens.plan.confirm import TypeName
        from screens.plan.screen import PlanScreen
        from screens.widgets.confirm import Confirm

        screen = self.app.screen
        assert isinstance(screen, PlanScreen)
        await self.pilot.press("ctrl+r")
        await until(self.pilot, lambda: isinstance(self.app.screen, Confirm | TypeName), "the question")
        window = self.app.screen
        if isinstance(window, TypeName):
            window.dismiss(True)
        else:
            await self.pilot.press("y")
        await until(self.pilot, lambda: screen.state.end is not None and not screen.state.running, "the end")
        await at_rest(self.pilot)

    async def _look(self, when: str, kind: str, role: str, screen: BaseScreen) -> None:
        """Compare the screen with the same opened anew."""
        await at_rest(self.pilot)
        before, mark = shown(screen), screen.changed_since is not None
        after = shown(await self._opened(kind, role))
        self.app.pop_screen()
        await self.pilot.pause()
        self.tally.looks[kind] += 1
        self.tally.marked[kind] += mark
        stale = before != after and not mark
        print(f"{when}: {'stale without a mark' if stale else 'marked' if mark else 'as it is'}", flush=True)
        if stale:
            gone, new = (Counter(one) - Counter(two) for one, two in ((before, after), (after, before)))
            self.tally.stale.append("\n  ".join((when, *list(gone)[:4], "instead of", *list(new)[:4])))


async def walk(sequences: int, seed: int) -> Tally:
    """Carry out the sequences on a demo account of its own."""
    from iam.demo.build import build
    from iam.demo.open import reader

    app = make_app(reader(build()))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.session.account and not app.session.loading, "the account")
        walked = Walk(app, pilot, random.Random(seed))
        for number in range(sequences):
            await walked.sequence(number)
        return walked.tally


def main() -> int:
    sequences, seed = int(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory() as state:
        os.environ["XDG_STATE_HOME"] = state
        tally = asyncio.run(walk(sequences, seed))
    for kind in sorted(tally.looks):
        print(f"{kind:<16}{tally.looks[kind]:>4} looks, {tally.marked[kind]:>4} with a mark")
    print(*tally.stale, sep="\n")
    print(f"{sequences} sequences, seed {seed}: stale without a mark {len(tally.stale)}")
    return 1 if tally.stale else 0


if __name__ == "__main__":
    sys.exit(main())
