"""The least that Textual can do: ten thousand lines drawn virtually, and one document highlighted in a second screen.

``python -m tests.bench.floor SNAPSHOT`` shows the snapshot's role names; ``enter`` opens the first role's first inline
policy. What rolescope takes is told as a multiple of this, so that the numbers hold on other machines.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.binding import BindingType
from textual.geometry import Size
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

Line = Sequence[Segment]


class Lines(ScrollView, can_focus=True):
    BINDINGS: ClassVar[list[BindingType]] = [("j", "down", ""), ("pagedown", "page", "")]

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__()
        self.lines = lines
        self.at = 0
        self.virtual_size = Size(100, len(lines))

    def render_line(self, y: int) -> Strip:
        number = y + self.scroll_offset.y
        if number >= len(self.lines):
            return Strip.blank(self.size.width)
        strip = Strip(self.lines[number]).adjust_cell_length(self.size.width)
        return strip.apply_style(Style(reverse=True)) if number == self.at else strip

    def action_down(self) -> None:
        before, top = self.at, self.scroll_offset.y
        self.at = min(self.at + 1, len(self.lines) - 1)
        if self.at - top >= self.size.height:
            self.scroll_to(y=top + 1, animate=False)
        else:
            self.refresh_lines(before, 2)

    def action_page(self) -> None:
        self.scroll_to(y=self.scroll_offset.y + self.size.height, animate=False)


class Document(Screen[None]):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> Iterable[Widget]:
        from pygments.lexers.data import JsonLexer
        from pygments.token import Token

        looks = {Token.Name.Tag: Style(color="cyan"), Token.Literal.String.Double: Style(color="green")}
        rows: list[Line] = []
        row: list[Segment] = []
        for kind, value in JsonLexer().get_tokens(self.text):
            for count, part in enumerate(value.split("\n")):
                if count:
                    rows.append(row)
                    row = []
                if part:
                    row.append(Segment(part, looks.get(kind)))
        yield Lines(rows)


class Floor(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [("enter", "open", "")]

    def __init__(self, snapshot: Path) -> None:
        super().__init__()
        self.snapshot = snapshot
        self.document = ""

    def compose(self) -> Iterable[Widget]:
        roles: list[Any] = json.loads(self.snapshot.read_text(encoding="utf-8"))["RoleDetailList"]
        self.document = json.dumps(roles[0]["RolePolicyList"][0]["PolicyDocument"], indent=2)
        yield Lines([[Segment(f"  {role['RoleName']:<40} Lambda   {len(roles):,} roles")] for role in roles])

    def on_mount(self) -> None:
        self.animation_level = "none"

    def action_open(self) -> None:
        self.push_screen(Document(self.document))


if __name__ == "__main__":
    Floor(Path(sys.argv[1])).run()
