"""What a worker answers after it was canceled."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from screens.frame.base import BaseScreen
from screens.worker_failures import Answer, run_in_thread
from tests.support.driving.seeing import running, until
from tests.support.driving.waiting import LONG
from tui.app import RolescopeApp


@dataclass(eq=False, repr=False)
class Told(Answer):
    what: str


class Asking(BaseScreen):
    begun: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()

    def ask(self, what: str, answers: threading.Event, group: str = "asking") -> threading.Event:
        """Ask for an answer that is given once ``answers`` is set. Return what is set when it was sent."""
        sent = threading.Event()

        def work() -> None:
            self.begun += (what,)
            answers.wait(LONG)
            self.post_message(Told(what))
            sent.set()

        run_in_thread(self, work, group)
        return sent

    def on_told(self, message: Told) -> None:
        self.heard += (message.what,)


async def test_an_answer_after_the_next_question_does_not_count() -> None:
    async with running() as pilot:
        assert isinstance(pilot.app, RolescopeApp)
        screen = Asking(pilot.app.session)
        await pilot.app.push_screen(screen)
        go_on, at_once = threading.Event(), threading.Event()
        at_once.set()
        sent = screen.ask("first", go_on)
        await until(pilot, lambda: "first" in screen.begun)
        screen.ask("second", at_once)
        await until(pilot, lambda: screen.heard == ("second",))
        go_on.set()
        await until(pilot, sent.is_set)

        def ask_again() -> None:
            """Ask when the answer to the former question is on its way already."""
            go_on.set()
            sent.wait(LONG)
            screen.ask("fourth", at_once)

        go_on.clear()
        sent = screen.ask("third", go_on)
        await until(pilot, lambda: "third" in screen.begun)
        screen.call_later(ask_again)
        await until(pilot, lambda: "fourth" in screen.heard)
        assert screen.heard == ("second", "fourth")
