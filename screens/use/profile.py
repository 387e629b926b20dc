"""The difference that a profile makes to the AWS configuration, shown before it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from screens.commands import Command, bindings
from screens.text import visible
from screens.widgets.difference import DifferenceView
from screens.widgets.line import Line
from screens.widgets.modal import CLOSE, Window
from screens.widgets.styles import FAINT, WARN

if TYPE_CHECKING:
    from iam.credentials.profile_file import ProfileChange

WRITE = Command("profile.write", "enter", "write it", "Write the profile into the file.", "This window", True)
_SECRET = re.compile(r"(?m)^(\s*aws_(?:secret_access_key|session_token|security_token)\s*=\s*).*")


class ProfileWindow(Window[bool]):
    """The result is True where it is to be written."""

    DECLARED: ClassVar[Sequence[Command]] = (WRITE, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings((WRITE,))
    DEFAULT_CSS = """
    ProfileWindow DifferenceView { height: 16; max-height: 60vh; }
    """
    AUTO_FOCUS = "DifferenceView"

    def __init__(self, change: ProfileChange) -> None:
        super().__init__(f"Profile {change.name} in {change.path}")
        self.change = change

    def compose_inside(self) -> Iterable[Widget]:
        there = f"There is a profile {self.change.name} already: it is replaced." if self.change.replaces else ""
        yield Line([(visible(there) or "Nothing else in the file changes.", WARN if there else FAINT)])
        yield DifferenceView()

    def on_mount(self) -> None:
        before, after = (_SECRET.sub(r"\1...", text) for text in (self.change.before or "", self.change.after))
        self.query_one(DifferenceView).show(before, after, context=0)

    def action_write(self) -> None:
        self.dismiss(True)
