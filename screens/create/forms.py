"""The forms of the first steps at work: what is typed goes into the creation, what follows from it is shown."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from screens.create.background import Background
from screens.create.builder import add
from screens.create.caller import BoundaryDemanded
from screens.create.document_check import Examined
from screens.create.grants import Understood
from screens.create.names import ActionsRead, CreateNamesFound
from screens.create.state import Creation
from screens.create.steps import Step
from screens.create.summary import Side
from screens.widgets.form.form import Form
from screens.worker_failures import ReportsFailures

REST = 1.0
"""Seconds without a key after which AWS is asked about a document."""


class Forms(ReportsFailures, Vertical):
    """The form of one step. ``side`` stands elsewhere on the screen and shows what the form writes."""

    DEFAULT_CSS = "Forms { height: 1fr; width: 1fr; }"

    class NameChanged(Message):
        """The role's name or path is another one."""

    def __init__(self, creation: Creation, side: Side) -> None:
        super().__init__()
        self.form = Form(id="form")
        self.step = Step.WHO
        self._creation, self._side = creation, side
        self._background = Background(self, creation)
        self._shown = creation.draft
        self._levels = True
        self._rest: Timer | None = None

    def compose(self) -> Iterable[Widget]:
        yield self.form

    # What is shown

    async def show(self, step: Step, focus: str | None = None) -> None:
        """The form of a step from its top, or with the cursor in one field."""
        self.step = step
        await self._show_form()
        self.form.put_cursor(focus)
        if focus is None:
            self.form.scroll_home(animate=False)
        self._look_up()

    async def _show_form(self) -> None:
        draft = self._creation.draft
        await self.form.show(self._creation.fields(self.step), draft.values, anew=draft is not self._shown)
        self._shown = draft
        self.show_notes()
        self.show_side()

    def show_notes(self) -> None:
        self.form.say(self._creation.notes(self.step))

    def show_side(self) -> None:
        self._side.tell(self._creation, self.step, self.form.cursor, levels=self._levels)

    def turn_side(self) -> None:
        """From what the permissions grant together to the one policy in attention, and back."""
        self._levels = not self._levels
        self.show_side()

    # What is typed

    async def on_form_changed(self, message: Form.Changed) -> None:
        message.stop()
        changed, value = message.field_id, message.values.get(message.field_id, "")
        if changed.startswith("perm.managed."):
            value = self._creation.policy_arn(value)
        self._creation.draft.values[changed] = value
        if changed == "perm.copy":
            self._background.find_copied()
        await self._show_form()
        self._look_up()
        if changed in ("name", "path"):
            self.post_message(self.NameChanged())

    @on(Form.Entered)
    def _entered(self, message: Form.Entered) -> None:
        message.stop()
        if self.step is Step.MAY:
            self.show_side()

    # What is looked up

    def account_changed(self) -> None:
        self._background.find_names()
        self._background.find_copied()
        if not self.is_mounted or not self.display:
            return
        if self.step is Step.WHO:
            self.show_notes()
            self.show_side()
        self._look_up()

    def find_copied(self) -> None:
        self._background.find_copied()

    async def add_needed(self) -> bool:
        """The statement that the others need beside them; False where they need none, or there is no room."""
        wanted = self._creation.needed
        where = add(self._creation.draft.values, wanted[0].parts) if wanted else None
        if where is None:
            return False
        await self._show_form()
        self.form.put_cursor(where)
        self._look_up()
        return True

    def _look_up(self) -> None:
        self._background.examine(ask_aws=False)
        if self._rest is not None:
            self._rest.stop()
        # AWS is asked once nobody has typed for a moment.
        self._rest = self.set_timer(REST, lambda: self._background.examine(ask_aws=True))
        if self.step is Step.MAY:
            self._background.read_actions()
            self._background.understand()
        elif self.step is Step.DETAILS:
            self._background.ask_for_boundary()

    async def on_create_names_found(self, message: CreateNamesFound) -> None:
        message.stop()
        self._creation.names = message.names
        await self._show_form()

    async def on_actions_read(self, message: ActionsRead) -> None:
        message.stop()
        self._creation.draft.table = message.table
        await self._show_form()
        self._look_up()

    def on_examined(self, message: Examined) -> None:
        message.stop()
        self._creation.examined[message.key] = message
        self.show_notes()

    def on_understood(self, message: Understood) -> None:
        message.stop()
        if not self._background.is_latest(message.number):
            return
        self._creation.granted |= message.granted
        self._creation.understood = message
        if self.step is Step.MAY:
            self.show_notes()
            self.show_side()

    async def on_boundary_demanded(self, message: BoundaryDemanded) -> None:
        message.stop()
        self._creation.demanded = message
        if self.step is Step.DETAILS:
            await self._show_form()
