"""One step's evidence or one fix on the full screen, with every line of its documents and the complete difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from diagnostics.diagnosis import Diagnosis, Step
from diagnostics.failure import Denial
from diagnostics.fix import Fix
from screens.commands import Command, bindings
from screens.copy.menu import copy_menu
from screens.diagnose.evidence import EvidencePane, Subject
from screens.diagnose.export import copies_of, export_diagnosis
from screens.diagnose.fix_plan import PlanFix, needed_with, objection_to, plan_key_of
from screens.diagnose.status import mark_of
from screens.frame.base import PANES, BaseScreen
from screens.session import Session
from screens.text import marks
from screens.widgets.pane import Pane
from screens.widgets.strips import plain

HERE = (
    Command(
        "detail.plan",
        "p",
        "plan",
        "Turn this fix into a plan: you see it first and confirm it.",
        "This screen",
        True,
        changes=True,
    ),
    Command("detail.wider", "plus", "wider", "Widen this fix by one step.", "This screen", True),
    Command("detail.narrower", "minus", "narrower", "Narrow this fix by one step.", "This screen", True),
    Command(
        "detail.who-can", "w", "who can", "Show who may perform the denied action on the same resource.", "This screen"
    ),
    Command("detail.copy", "y", "copy", "Copy the change, the evidence, the document.", "This screen", True),
    Command("detail.export", "e", "export", "Save or copy the full diagnosis.", "This screen"),
    Command("detail.previous", "left_square_bracket", "previous", "The previous step or fix.", "This screen", True),
    Command("detail.next", "right_square_bracket", "next", "The next step or fix.", "This screen", True),
    Command("detail.back", "escape", "back", "Back to the diagnosis.", "This screen", True, palette=False),
)


def question_of(failure: object) -> str:
    """Return the who-can question for a denied request; "" if its action is unknown."""
    if not isinstance(failure, Denial):
        return ""
    action = failure.missing_action or failure.action or ""
    return f"{action} on {failure.resource}" if action and failure.resource else action


def no_form_of(subject: object, by: int) -> str:
    """Return one sentence that says why a fix has no wider (``by`` above 0) or narrower form; "" if there is one."""
    if not isinstance(subject, Fix):
        return "There is no fix to widen or narrow."
    return "" if subject.in_form(by) else f"This fix has no {'wider' if by > 0 else 'narrower'} form."


class DetailScreen(BaseScreen):
    """Shows the steps or fixes of a diagnosis one at a time. The message `Left` contains the one shown last."""

    MODE = "diagnose"
    AUTO_FOCUS = "#detail"
    DECLARED = (*HERE, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(HERE)

    @dataclass(eq=False, repr=False)
    class Left(Message):
        """The operator went back from this step or fix."""

        subjects: Sequence[Subject]
        index: int

    @dataclass(eq=False, repr=False)
    class Formed(Message):
        """The operator chose another form of this fix."""

        fix: Fix
        form: Fix

    def __init__(
        self, session: Session, diagnosis: Diagnosis, subjects: Sequence[Subject], index: int, below: Widget
    ) -> None:
        super().__init__(session)
        self._diagnosis = diagnosis
        self._subjects = tuple(subjects)
        self._index = index
        self._below = below

    def compose_body(self) -> Iterable[Widget]:
        with Pane(id="subject"):
            yield EvidencePane(whole=True, id="detail")

    def on_mount(self) -> None:
        self._show()

    @property
    def subject(self) -> Subject:
        return self._subjects[self._index]

    def _show(self) -> None:
        subject = self.subject
        place = f"{self._index + 1} of {len(self._subjects)}"
        if isinstance(subject, Step):
            name = f"{mark_of(subject.status)} Step {place} {marks().dot} {plain(subject.title)}"
        else:
            name = f"{'Fix' if isinstance(subject, Fix) else 'Usual cause'} {place}"
        self.query_one(Pane).name_it(name)
        self.query_one(EvidencePane).show(subject)

    def why_not(self, command: Command) -> str:
        match command.action:
            case "plan":
                return self._objection()
            case "wider" | "narrower":
                return no_form_of(self.subject, 1 if command.action == "wider" else -1)
            case "who_can" if not question_of(self._diagnosis.failure):
                return "It is unknown which action was denied."
            case "previous" if self._index == 0:
                return "This is the first one."
            case "next" if self._index == len(self._subjects) - 1:
                return "This is the last one."
        return super().why_not(command)

    def title_of(self, command: Command) -> str:
        return plan_key_of(self._fix).title if command.action == "plan" else super().title_of(command)

    def leads_to_change(self, command: Command) -> bool:
        return plan_key_of(self._fix).changes if command.action == "plan" else super().leads_to_change(command)

    @property
    def _fix(self) -> Fix | None:
        return self.subject if isinstance(self.subject, Fix) else None

    def _objection(self) -> str:
        fixes = [each for each in self._subjects if isinstance(each, Fix)]
        one = self.subject
        return (
            objection_to(one, needed_with(one, fixes))
            if isinstance(one, Fix)
            else "Only a fix can be turned into a plan."
        )

    def _go(self, by: int) -> None:
        self._index += by
        self._show()
        self.refresh_bindings()

    def action_previous(self) -> None:
        self._go(-1)

    def action_next(self) -> None:
        self._go(1)

    def action_back(self) -> None:
        self._below.post_message(self.Left(self._subjects, self._index))
        self.dismiss()

    def action_wider(self) -> None:
        self._form(1)

    def action_narrower(self) -> None:
        self._form(-1)

    def _form(self, by: int) -> None:
        fix = self.subject
        form = fix.in_form(by) if isinstance(fix, Fix) else None
        if isinstance(fix, Fix) and form is not None:
            self._subjects = tuple(form if one is fix else one for one in self._subjects)
            self._below.post_message(self.Formed(fix, form))
            self._go(0)

    def action_who_can(self) -> None:
        from screens.who_can.screen import WhoCanScreen

        question = question_of(self._diagnosis.failure)
        self.app.push_screen(WhoCanScreen(self.session, question, mode=self.MODE, ask=True))

    def action_plan(self) -> None:
        if isinstance(self.subject, Fix):
            fix = self.subject
            self.action_back()
            self._below.post_message(PlanFix(fix))

    def action_export(self) -> None:
        export_diagnosis(self, self._diagnosis, self.session.shown_time(datetime.now(UTC)))

    def action_copy(self) -> None:
        copy_menu(self, copies_of(self._diagnosis, self.subject))
