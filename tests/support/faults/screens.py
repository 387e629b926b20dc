"""Walks of the fault matrix by keys, through the application itself: what an operator sees when a call fails."""

from __future__ import annotations

import asyncio
import os
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from textual import events
from textual._compositor import Compositor
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

from diagnostics.diagnosis import Diagnosis
from iam.changes.journal import End, journals
from screens.create.screen import CreateScreen
from screens.diagnose.screen import DiagnoseScreen
from screens.plan.screen import PlanScreen
from screens.roles.screen import RolesScreen
from tests.support.accounts.fake_reader import make_app
from tests.support.demo.failures import FAILURES
from tests.support.demo.role_changes import USED
from tests.support.driving.seeing import screen_text
from tests.support.driving.settling import settled
from tests.support.faults.walks import Answer, Diagnose, Judged, Place, difference
from tests.support.gate.let_through import resume
from tui.app import RolescopeApp

GLANCES = 500
"""Looks, at least 20 ms apart, at which a worker sleeps: then what it waits for does not come."""

A_MOMENT = 0.03
"""Seconds in which what is due has begun."""

LACKING = 10
"""Lines that are shown of those that are missing."""

WAITING = re.compile(r"\b\w+ing\b.* \.\.\.")
"""How the screens say that something is on its way."""


class Pasted(str):
    """Text from the clipboard, in place of keys."""


Deed = tuple[str, ...] | Pasted


@dataclass(frozen=True, slots=True)
class Shown:
    """The end of a walk. ``screens`` has, after each deed, what is shown; ``troubles`` what failed within the program;
    ``kept`` what stands in its fields; ``there`` and ``later`` are the account, at once and when a plan was gone on
    with, where it is changed."""

    screens: tuple[str, ...]
    troubles: tuple[str, ...]
    kept: str
    diagnosis: Diagnosis | None = None
    done: bool = False
    there: Any = None
    later: Any = None


@dataclass(frozen=True, slots=True)
class Keys:
    """``typed`` is what the operator gave, and may not be lost."""

    name: str
    kind: str
    deeds: tuple[Deed, ...]
    typed: tuple[str, ...] = ()
    changes: bool = False

    def go(self, place: Place) -> Answer:
        homes = {name: str(place.home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
        with (
            patch.dict(os.environ, homes),
            patch.object(Compositor, "render_update", _nothing_is_drawn),
            patch("screens.plan.run._sleep", lambda stop, seconds: None),  # between tries
        ):
            shown = asyncio.run(self._walk(place))
        lines = frozenset(" ".join(line.split()) for screen in shown.screens for line in screen.split("\n"))
        return Answer(shown, lines, shown.there)

    async def _walk(self, place: Place) -> Shown:
        app = make_app(place.reader)
        shown: list[str] = []
        async with app.run_test(size=(120, 40)) as pilot:
            await _rest(app)
            shown.append(screen_text(app))
            for deed in self.deeds:
                await _do(pilot, deed)
                await _rest(app)
                shown.append(screen_text(app))
            troubles = tuple(each.what for each in app.session.troubles)
            if app.return_code:
                troubles = (*troubles, f"inside rolescope: ended with {app.return_code}")
            kept = "\n".join((*_kept(app), shown[-1]))
            diagnosis = _diagnosis(app)
            plans = [screen for screen in _screens(app) if isinstance(screen, PlanScreen)]
            done = any(screen.state.end is End.APPLIED for screen in plans)
        if not self.changes:
            return Shown(tuple(shown), troubles, kept, diagnosis)
        there = place.dump()
        place.mended()
        for record in journals(place.home / "rolescope" / "journal"):
            if record.unfinished:
                deque(resume(record.path, place.reader, writable=False), maxlen=0)
        return Shown(tuple(shown), troubles, kept, diagnosis, done, there, place.dump())

    def judged(self, right: Answer, answer: Answer, passes: bool) -> Judged:
        one: Shown = right.value
        other: Shown = answer.value
        if inside := [each for each in other.troubles if "inside rolescope" in each]:
            return "crash", inside[0]
        if "Traceback" in "".join(other.screens):
            return "crash", "a traceback is shown"
        waits = {line for screen in one.screens for line in screen.split("\n")}
        for line in other.screens[-1].split("\n"):
            if WAITING.search(line) and line not in waits:
                return "hang", line.strip()
        for text in self.typed:
            if text in one.kept and text not in other.kept:
                return "lost", f"{text} is nowhere:\n{other.screens[-1]}"
        if other.done and other.there != right.whole:
            return "wrong", f"said to be done: {difference(right.whole, other.there)}"
        if other.later not in (right.whole, None) and other.later != other.there:
            return "lost", f"not made later: {difference(right.whole, other.later)}"
        if one.diagnosis is not None and other.diagnosis is not None and one.done == other.done:
            before, after = (Answer(each, frozenset()) for each in (one.diagnosis, other.diagnosis))
            outcome, said = Diagnose(FAILURES[0]).judged(before, after, False)
            if outcome == "wrong":
                return outcome, said
        if one.screens == other.screens:
            return "same", ""
        if passes and one.done != other.done:
            return "wrong", f"not done:\n{other.screens[-1]}"
        if answer.sentences == right.sentences:  # one came a moment later
            return "same", ""
        if answer.sentences < right.sentences:
            lacks = "\n".join(sorted(right.sentences - answer.sentences)[:LACKING])
            return "wrong", f"less, without a word:\n{lacks}"
        return "unknown", ""


def _nothing_is_drawn(compositor: Compositor, **_: object) -> None:
    """Between the looks (`screen_text`): drawing is a third of the cost of a walk."""
    compositor._dirty_regions.clear()


async def _do(pilot: Pilot[None], deed: Deed) -> None:
    if isinstance(deed, Pasted):
        (pilot.app.focused or pilot.app.screen).post_message(events.Paste(deed))
    else:
        await pilot.press(*deed)


def _waits_to_draw(screen: Screen[object]) -> bool:
    """The role under the cursor is drawn a moment after the last key."""
    due = screen._resting if isinstance(screen, RolesScreen) else None
    return due is not None and due.when() + A_MOMENT > asyncio.get_running_loop().time()


async def _rest(app: RolescopeApp) -> None:
    """Wait until nothing goes on any more. Raises `TimeoutError` where that does not come."""
    for _ in range(GLANCES):
        with app._context():
            await settled()
        at_work = any(not worker.is_finished for worker in app.workers)
        if not app.is_running or not (at_work or any(_waits_to_draw(each) for each in _screens(app))):
            return
        await asyncio.sleep(0.02)
    running = [worker.group for worker in app.workers if not worker.is_finished]
    raise TimeoutError(f"{running} do not end:\n{screen_text(app)}")


def _screens(app: RolescopeApp) -> Iterator[Screen[object]]:
    for stack in app._screen_stacks.values():
        yield from stack


def _kept(app: RolescopeApp) -> Iterator[str]:
    for screen in _screens(app):
        if isinstance(screen, CreateScreen):
            yield from map(str, screen.form.values.values())
        for widget in screen.query("*"):
            if isinstance(widget, Input):
                yield widget.value
            elif isinstance(widget, TextArea):
                yield widget.text
        if isinstance(screen, PlanScreen):
            yield " ".join(call.target for call in screen.plan.calls)


def _diagnosis(app: RolescopeApp) -> Diagnosis | None:
    for screen in _screens(app):
        if isinstance(screen, DiagnoseScreen) and (run := screen.run_shown) is not None and run.verdict is not None:
            return Diagnosis(run.failure, tuple(run.steps), run.verdict, tuple(run.fixes))
    return None


def _text(name: str) -> str:
    return next(each.text for each in FAILURES if each.id == name)


def _open(role: str) -> tuple[Deed, ...]:
    return (("slash",), Pasted(role), ("enter", "enter"))


_MADE = (
    ("3",),
    ("enter",),
    Pasted("ec2"),
    ("ctrl+r",),
    ("ctrl+r",),
    Pasted("image-reader-ec2"),
    ("ctrl+r",),
    ("ctrl+r",),
)

SCREENS: tuple[Keys, ...] = (
    Keys("keys start", "start", (("exclamation_mark",), ("escape",))),
    Keys("keys browse", "browse", (("slash",), Pasted("unused:90d"), ("enter",), ("G",)), ("unused:90d",)),
    Keys("keys open", "open", (*_open(USED), ("tab",), ("l",), ("escape",), ("v",), ("escape",), ("i",))),
    Keys("keys who", "open", (*_open(USED), ("u",), ("escape",), ("w",))),
    Keys("keys use", "use", (*_open("platform-operator"), ("a",))),
    Keys("keys review", "review", (("4",), ("j", "enter"), ("escape",))),
    Keys("keys recent", "diagnose", (("2",), ("ctrl+n",))),
    *(
        Keys(f"keys {name}", "diagnose", (("2",), Pasted(_text(name)), ("ctrl+r",), ("f", "enter")), (_text(name),))
        for name in ("F03", "F05", "F22", "F28")
    ),
    Keys(
        "keys fix",
        "change",
        (("2",), Pasted(_text("F01")), ("ctrl+r",), ("f",), ("p",), ("ctrl+r",), ("y",)),
        (_text("F01"),),
        True,
    ),
    Keys("keys create", "create", (*_MADE, ("enter",), ("y",)), ("image-reader-ec2",), True),
    Keys("keys plan", "create", _MADE, ("image-reader-ec2",)),
    Keys(
        "keys attach",
        "change",
        (*_open(USED), ("m",), ("a",), Pasted("AmazonS3ReadOnlyAccess"), ("enter",), ("ctrl+r",), ("y",)),
        (USED,),
        True,
    ),
    Keys(
        "keys revoke",
        "change",
        (*_open(USED), ("m",), ("s",), ("ctrl+r",), Pasted(USED), ("enter",)),
        (USED,),
        True,
    ),
    Keys(
        "keys delete",
        "change",
        (*_open(USED), ("x",), ("enter",), ("ctrl+r",), Pasted(USED), ("enter",)),
        (USED,),
        True,
    ),
)
