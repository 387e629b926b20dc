"""The end of a creation: how the new role did when it was tried, and what to do with it next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.containers import Vertical
from textual.widget import Widget

from screens.create_try import Tried
from screens.text import fit, marks, visible
from screens.widgets.facts import Paragraph
from screens.widgets.line import Line, Piece
from screens.widgets.look import BAD, FAINT, GOOD, PLAIN, STRONG, WARN
from screens.widgets.modal import TextLines
from screens.widgets.rules import Rule
from screens.widgets.steps_rows import Rows


class TryRows(Rows[Tried]):
    def pieces_of(self, row: Tried, index: int, width: int) -> Sequence[Piece]:
        signs = marks()
        mark, look = (
            (signs.unknown, WARN) if row.good is None else (signs.passed, GOOD) if row.good else (signs.failed, BAD)
        )
        wanted = "may" if row.wish.allowed else "may not"
        text = f"{wanted} {row.wish.action} on {row.wish.resource}"
        return [(f" {mark} ", look), (fit(visible(text), max(0, width - 3)), PLAIN)]


class Result(Vertical):
    DEFAULT_CSS = """
    Result { height: 1fr; width: 1fr; }
    Result Paragraph { height: 2; }
    Result TryRows { height: 1fr; }
    Result TextLines { height: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.head = Line()
        self.rows = TryRows(id="tries")
        self.detail = Paragraph()
        self.next = TextLines(id="next-steps")
        self.tries: list[Tried] = []

    def compose(self) -> Iterable[Widget]:
        yield self.head
        yield self.rows
        yield self.detail
        yield Rule("what to do next")
        yield self.next

    def begin(self, name: str, steps: Sequence[str]) -> None:
        self.tries = []
        self.name_of_role = name
        self.rows.set_rows(())
        self.next.show("\n\n".join(steps))
        self.say("waiting for AWS to show it ...")

    def say(self, text: str, look: object = None) -> None:
        self.head.show((f" {visible(self.name_of_role)} IS THERE", STRONG), (f"  {visible(text)}", FAINT))

    def add(self, tried: Tried) -> None:
        self.tries.append(tried)
        self.rows.add_row(tried)
        self.say("trying it ...")
        self.tell()

    def end(self) -> None:
        bad = [each for each in self.tries if each.good is False]
        unknown = [each for each in self.tries if each.good is None]
        name = visible(self.name_of_role)
        if bad:
            words: Piece = (f"  {len(bad)} of {len(self.tries)} tries went another way than wanted", BAD)
        elif unknown:
            words = (f"  {len(unknown)} of {len(self.tries)} tries could not be decided", WARN)
        elif not self.tries:
            words = ("  it has no permission that could be tried", PLAIN)
        else:
            words = (f"  all {len(self.tries)} tries went as they should", GOOD)
        self.head.show((f" {name} IS THERE", STRONG), words)

    def tell(self) -> None:
        tried = self.rows.current
        self.detail.say(visible(f"{tried.who}: {tried.sentence}") if tried else "")
