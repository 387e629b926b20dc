"""The confirmation before a plan is carried out, and before an unfinished change is abandoned."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from iam.changes.plan import Call, Plan
from screens.commands import Command, bindings
from screens.text import visible
from screens.widgets.form.line_input import AnswerInput
from screens.widgets.line import Line
from screens.widgets.modal import PieceLines, TextLines, Window
from screens.widgets.strips import wrap
from screens.widgets.styles import STRONG, WARN

NO = Command("confirm.close", "escape", "no", "Do nothing.", "This window", True, palette=False)


def dangerous(plan: Plan, calls: Iterable[Call | None]) -> bool:
    """Return whether the plan, or these calls of the plan or of its undo, need a stricter confirmation.

    They need it if they delete something, or if the plan opens access or locks somebody out. ``plan.opens`` contains
    the dangerous findings of the check; for such a plan, a name must be typed.
    """
    return bool(plan.opens) or plan.destructive or any(call and call.operation.startswith("Delete") for call in calls)


class TypeName(Window[bool]):
    """A prompt that asks to type a name as confirmation.

    The result is True once it was typed, None if the operator went back. A wrong name is rejected.
    """

    DECLARED = (NO,)
    BINDINGS: ClassVar[list[BindingType]] = bindings((NO,))
    AUTO_FOCUS = "Input"

    def __init__(self, title: str, text: str, name: str) -> None:
        super().__init__(title)
        self.text, self.name_to_type = text, name

    def compose_inside(self) -> Iterable[Widget]:
        lines = TextLines(self.text)
        lines.can_focus = False
        yield lines
        yield Line()
        # A text with spaces, such as "3 roles", is not the name of an entity, so it is quoted.
        quote = '"' if " " in self.name_to_type else ""
        asked = f"Type {quote}{visible(self.name_to_type)}{quote} to go on:"
        heading = PieceLines(lambda width: [[(f" {part}", STRONG)] for part in wrap(asked, width - 2)])
        heading.can_focus = False
        yield heading
        yield AnswerInput()
        yield Line(id="type-name-said")

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.query_one("#type-name-said", Line).show("")

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        typed = message.value.strip()
        if typed == self.name_to_type:
            self.dismiss(True)
            return
        said = "Nothing was done: you typed no name."
        if typed and typed.lower() == self.name_to_type.lower():
            said = "Nothing was done: the name must match exactly, with its capital and small letters."
        elif typed:
            said = "Nothing was done: you typed a different name."
        self.query_one("#type-name-said", Line).show((f" {said}", WARN))
