"""The forms of the first steps: store typed values in the draft, and show what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from iam.creation.draft.places import Place, What
from iam.creation.draft.role_draft import RoleDraft
from iam.creation.draft.suggestions import policy_arn
from screens.create.background import (
    ActionsRead,
    Background,
    BoundaryDemanded,
    DocumentChecked,
    PermissionsUnderstood,
    SuggestionsFound,
)
from screens.create.choice_list import ChoiceList
from screens.create.places import field_id, place_of, values_of
from screens.create.state import CreationState
from screens.create.steps import TITLES, CreateStep, step_of
from screens.create.summary import Side
from screens.widgets.form.choice import Choice
from screens.widgets.form.form import Form
from screens.widgets.form.sentence import Tone
from screens.widgets.pane import Pane
from screens.worker_failures import ReportsFailures

REST = 1.0
"""Seconds after the last key press until AWS is asked to check a document."""


class Forms(ReportsFailures, Pane):
    """The form of one step.

    ``side`` and ``choices`` are widgets next to the form: they show the policy that the form writes, and the values
    that the current field accepts.
    """

    class NameChanged(Message):
        """The role's name or path changed."""

    def __init__(self, creation: CreationState, side: Side, choices: ChoiceList) -> None:
        super().__init__(classes="-bare")
        self.form = Form(id="form")
        self.step = CreateStep.WHO
        self._creation, self._side, self._choices = creation, side, choices
        self._background = Background(self, creation)
        self._shown = creation.draft
        self._levels = True
        self._rest: Timer | None = None

    def compose(self) -> Iterable[Widget]:
        yield self.form

    # What is shown

    async def show(self, step: CreateStep, focus: Place | None = None) -> None:
        """Show the form of a step from its top, or with the cursor in one field.

        If the operator moved to a field while the form was being built, the cursor stays there.
        """
        self.step = step
        self.name_it(TITLES[step].capitalize())
        before = self.form.cursor
        await self._show_form()
        if focus is None and self.form.cursor and not before:
            self._look_up()
            return
        self.put_cursor(focus)
        if focus is None:
            self.form.scroll_home(animate=False)
        self._look_up()

    async def _show_form(self) -> None:
        draft = self._creation.draft
        await self.form.show(self._creation.fields(self.step), values_of(draft), anew=draft is not self._shown)
        self._shown = draft
        self.show_notes()
        self.show_side()
        self.show_choices()

    def show_choices(self) -> None:
        """List the kinds of trust or the recipes, if the cursor is in a field for one of them.

        If a document is shown too, list them only if both fit.
        """
        cursor = self.form.cursor
        row = self.form.row(cursor) if cursor and place_of(cursor).what in (What.TRUST_KIND, What.RECIPE) else None
        whole = self.step is not CreateStep.WHO or not self._creation.faults(CreateStep.WHO)
        self._choices.show(row.spec.options if row else (), row.value if row else "", whole=whole)

    def on_resize(self) -> None:
        self.show_choices()

    def take_choice(self, id: str) -> None:
        """Put the chosen option into the field that has the cursor."""
        row = self.form.row(self.form.cursor)
        if row is not None and isinstance(row.control, Choice):
            row.control.take(id)

    def put_cursor(self, place: Place | None = None) -> None:
        """Put the cursor into the field of a place, or into the first field."""
        self.form.put_cursor(field_id(place) if place is not None else None)

    def show_notes(self) -> None:
        self.form.say(
            {
                field_id(place): (note.sentence, Tone.HINT if note.short else Tone(note.weight.value))
                for place, note in self._creation.notes(self.step).items()
            }
        )

    def show_side(self) -> None:
        cursor = place_of(self.form.cursor) if self.form.cursor else None
        self._side.tell(self._creation, self.step, cursor, levels=self._levels)

    def turn_side(self) -> None:
        """Switch the pane beside the form between all chosen permissions together and the policy under the cursor."""
        self._levels = not self._levels
        self.show_side()

    # What is typed

    async def on_form_changed(self, message: Form.Changed) -> None:
        message.stop()
        place, text = place_of(message.field_id), message.take()
        if place.what is What.ATTACHED:
            text = policy_arn(text, self._creation.names)
        self._creation.draft.put(place, text)
        if place.what is What.COPIED_ROLE:
            self._background.find_copied()
        await self._show_form()
        self._look_up(typed=True)
        if place.what in (What.NAME, What.PATH):
            self.post_message(self.NameChanged())

    @on(Form.Entered)
    def _entered(self, message: Form.Entered) -> None:
        message.stop()
        place = place_of(message.field_id)
        if step_of(place) is self.step:  # not a message of the previous form
            self._creation.draft.left_at = place
        self.show_choices()
        if self.step is CreateStep.MAY:
            self.show_side()

    # What is looked up

    def account_changed(self) -> None:
        self._background.find_names()
        self._background.find_kept()
        self._background.find_copied()
        if not self.is_mounted or not self.display:
            return
        if self.step is CreateStep.WHO:
            self.show_notes()
            self.show_side()
        self._look_up()

    def find_copied(self) -> None:
        self._background.find_copied()

    async def attach_usual(self) -> None:
        """Attach the policies that AWS's documentation recommends for this service's role. The cursor stays."""
        draft = self._creation.draft
        first = draft.attach(each.arn for each in self._creation.usual_missing)
        here = self.form.row(field_id(Place(What.ATTACHED, row=first)))
        if here is not None:  # the cursor may be in this row, and `_show_form` does not change such a row
            here.put(draft.attached_rows[first])
        await self._show_form()
        self._look_up()

    @property
    def at_policies(self) -> bool:
        """Whether the cursor is in a row for a managed policy."""
        return bool(self.form.cursor) and place_of(self.form.cursor).what is What.ATTACHED

    async def add_needed(self) -> bool:
        """Add the statement that the other statements require, without moving the cursor.

        Return False if no statement is required, or if there is no room for one.
        """
        wanted = self._creation.needed
        slot = self._creation.draft.add_statement(wanted[0].parts) if wanted else None
        if slot is None:
            return False
        await self._show_form()
        self._look_up()
        return True

    def _look_up(self, *, typed: bool = False) -> None:
        """Start the background work that the form needs.

        If ``typed``, policies are evaluated only after a short pause in typing.
        """
        self._background.check_documents(ask_aws=False)
        if self._rest is not None:
            self._rest.stop()
        # AWS is asked after a pause in typing.
        self._rest = self.set_timer(REST, self._at_rest)
        if self.step is CreateStep.MAY:
            self._background.read_actions()
            self._background.understand()
        elif self.step is CreateStep.DETAILS and not typed:
            self._background.ask_for_boundary()

    async def on_suggestions_found(self, message: SuggestionsFound) -> None:
        message.stop()
        self._creation.names = message.names
        await self._show_form()

    async def on_actions_read(self, message: ActionsRead) -> None:
        message.stop()
        self._creation.draft.table = message.table
        await self._show_form()
        self._look_up()

    def _at_rest(self) -> None:
        self._background.check_documents(ask_aws=True)
        if self.step is CreateStep.DETAILS:
            self._background.ask_for_boundary()
        self._background.keep()

    def keep(self) -> None:
        self._background.keep()

    @property
    def kept_known(self) -> bool:
        """Whether the drafts of an earlier run have been read."""
        return self._background.kept_known

    def take_kept(self, drafts: Sequence[RoleDraft]) -> None:
        """Add the drafts of an earlier run to the drafts that were set aside, before those of this run."""
        self._creation.aside[:0] = drafts
        self._background.kept_known = True

    def note_typed(self) -> None:
        """Store the unfinished drafts: the program is about to end."""
        self._background.note()

    def on_document_checked(self, message: DocumentChecked) -> None:
        message.stop()
        self._creation.checked[message.place] = message.checked
        self.show_notes()

    def on_permissions_understood(self, message: PermissionsUnderstood) -> None:
        message.stop()
        if not self._background.takes(message.number):
            return
        self._creation.granted |= message.together.granted
        self._creation.together = message.together
        if self.step is CreateStep.MAY:
            self.show_notes()
            self.show_side()

    async def on_boundary_demanded(self, message: BoundaryDemanded) -> None:
        message.stop()
        changed = message.demanded != self._creation.demanded
        self._creation.demanded = message.demanded
        if changed and self.step is CreateStep.DETAILS:
            await self._show_form()
