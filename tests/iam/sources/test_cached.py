"""A reader that asks every question once."""

from __future__ import annotations

import threading
from typing import Any, cast

from iam.sources.cached import cached
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading


class Counting:
    kind = "aws"

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.let = threading.Event()
        self.let.set()

    def role(self, name: str) -> Reading[Any]:
        self.asked.append(("role", name))
        assert self.let.wait(120)
        return Reading("iam:GetRole", why=f"AWS denied {name}.")

    def events(self, *, resource_name: str = "", event_name: str = "") -> Reading[Any]:
        self.asked.append(("events", resource_name, event_name))
        return Reading("cloudtrail:LookupEvents", ())

    def accounts(self) -> Any:
        self.asked.append(("accounts",))
        return iter(())

    def clock(self) -> int:
        self.asked.append(("clock",))
        return len(self.asked)


def test_the_same_question_is_asked_once_a_refusal_too() -> None:
    counting = Counting()
    reader = cached(cast(AccountReader, counting))
    first = reader.role("a")
    assert reader.role("a") is first and first.why
    reader.role("b")
    assert counting.asked == [("role", "a"), ("role", "b")]


def test_other_arguments_are_other_questions() -> None:
    counting = Counting()
    reader = cached(cast(AccountReader, counting))
    for _ in range(2):
        reader.events(event_name="AssumeRole", resource_name="x")
        reader.events(resource_name="x", event_name="AssumeRole")
        reader.events(resource_name="y", event_name="AssumeRole")
    assert len(counting.asked) == 2


def test_the_account_and_the_clock_are_always_fresh() -> None:
    counting = Counting()
    reader = cached(cast(AccountReader, counting))
    list(reader.accounts())
    list(reader.accounts())
    assert reader.clock() != reader.clock()
    assert counting.asked.count(("accounts",)) == 2
    assert reader.kind == "aws"


def test_threads_that_ask_at_once_get_one_answer() -> None:
    counting = Counting()
    counting.let.clear()
    reader = cached(cast(AccountReader, counting))
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(reader.role("a"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    counting.let.set()
    for thread in threads:
        thread.join(120)
    assert len(answers) == 3
    assert len({id(answer) for answer in answers}) == 1
