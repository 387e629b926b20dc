"""Forms filled in with the keyboard: rows with a label, a field, and an optional sentence below it.

A form's contents are described by `Field`s; the typed values are a mapping of texts by field ID. A list is a row that
grows: its values have the IDs ``tags.0``, ``tags.1`` …
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget

from screens.widgets.form.choice import Choice, Option
from screens.widgets.form.completion import Completion, Describe, Names
from screens.widgets.form.document import DocumentBox
from screens.widgets.form.sentence import Sentence, Tone
from screens.widgets.line import Line
from screens.widgets.styles import PLAIN, STRONG, WARN

LABEL_WIDTH = 23


class FieldKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    DOCUMENT = "document"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a form.

    ``hint`` is shown in an empty line. ``options`` are the options of a choice. ``names`` are suggested while typing,
    and ``describe`` returns a few words about each; with ``several``, the line may contain several names, separated by
    commas. ``most`` is the maximum number of rows of a list. ``default`` is a choice's option ID, or the value of a
    text before anything was typed. ``heading`` starts a new part of the form. ``needed``: the field must not stay
    empty, which is marked.
    """

    id: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    hint: str = field(default="", compare=False)
    options: tuple[Option, ...] = ()
    names: Names = field(default=(), compare=False)
    describe: Describe | None = field(default=None, compare=False)
    several: bool = False
    default: str = ""
    most: int = 50
    heading: str = ""
    needed: bool = False


def list_values(values: Mapping[str, str], id: str) -> tuple[str, ...]:
    """Return the values of a list, in order, without the empty ones."""
    found = [(int(key.rpartition(".")[2]), value) for key, value in values.items() if key.rpartition(".")[0] == id]
    return tuple(value for _, value in sorted(found) if value)


class FormRow(Vertical):
    """A label, a field, and a sentence below it.

    ``agreed`` is the value that the form's owner knows. While the field contains a different value, the owner has not
    yet processed the latest key presses, so the sentence that it set is outdated.
    """

    DEFAULT_CSS = f"""
    FormRow {{ height: auto; }}
    FormRow > Horizontal {{ height: auto; }}
    FormRow .label {{ width: {LABEL_WIDTH}; height: 1; }}
    FormRow .heading {{ height: 1; margin-top: 1; }}
    """

    def __init__(self, spec: Field, id: str, value: str) -> None:
        super().__init__()
        self.spec, self.field_id = spec, id
        goes_on = spec.kind is FieldKind.LIST and id.rpartition(".")[2] != "0"
        self._needed = needed = spec.needed and not goes_on
        self.control: Completion | Choice | DocumentBox
        if spec.kind is FieldKind.CHOICE:
            self.control = Choice(spec.options, value or spec.default)
        elif spec.kind is FieldKind.DOCUMENT:
            self.control = DocumentBox(value, placeholder=self._hint)
        else:
            self.control = Completion(placeholder=self._hint, value=value)
        self.agreed = self.control.value
        self.sentence = Sentence(indent=LABEL_WIDTH)
        self._label = Line(
            [("" if goes_on else f" {spec.label}", PLAIN), (" *" if needed else "", WARN)], classes="label"
        )

    def compose(self) -> ComposeResult:
        if self.spec.heading:
            yield Line([(f" {self.spec.heading}", STRONG)], classes="heading")
        with Horizontal():
            yield self._label
            yield self.control
        yield self.sentence

    @property
    def _hint(self) -> str:
        hint = self.spec.hint
        return ", ".join(part for part in ("required", hint) if part) if self._needed else hint

    def renew(self, spec: Field) -> None:
        """Show the same field with another hint. The value and the cursor do not change."""
        self.spec = spec
        if not isinstance(self.control, Choice):
            self.control.placeholder = self._hint

    @property
    def value(self) -> str:
        return self.control.value

    def agree(self, value: str) -> None:
        """Set the value from the owner, unless the operator has typed in the meantime."""
        if self.value != self.agreed or (self.has_cursor and not isinstance(self.control, Choice)):
            return
        if self.value != value:
            self.control.value = value
        self.agreed = self.value

    def put(self, value: str) -> None:
        """Set a value supplied by the form's screen, even while the cursor is in the field."""
        self.control.value = value
        self.agreed = self.value

    def put_cursor(self) -> None:
        self.control.focus()

    @property
    def has_cursor(self) -> bool:
        return self.control.has_focus or self.control.has_focus_within


class Form(VerticalScroll, inherit_bindings=False):
    """The rows for some fields, with the values typed earlier.

    It scrolls with the cursor and the mouse wheel; the page keys always belong to the screen.
    """

    DEFAULT_CSS = """
    Form { height: 1fr; width: 1fr; scrollbar-size-vertical: 1; }
    """
    can_focus = False

    class Changed(Message):
        """The value of a field changed. The form's owner must call `take`."""

        def __init__(self, row: FormRow) -> None:
            super().__init__()
            self.row, self.field_id = row, row.field_id

        def take(self) -> str:
            """Return the current value. From now on, the owner knows it and may replace it."""
            self.row.agreed = self.row.value
            return self.row.agreed

    @dataclass(eq=False, repr=False)
    class Submitted(Message):
        """``enter`` was pressed in the last field, whose ID is ``field_id``."""

        field_id: str

    @dataclass(eq=False, repr=False)
    class Entered(Message):
        """The cursor moved into a field."""

        form: Form
        field_id: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._fields: tuple[Field, ...] = ()
        self._rows: list[FormRow] = []
        self._said: dict[str, tuple[str, Tone]] = {}
        # the field that the cursor is moving to: the focus changes only with a later message
        self._cursor_to: str | None = None

    # What is shown

    async def show(
        self, fields: Sequence[Field], values: Mapping[str, str], focus: str | None = None, *, anew: bool = False
    ) -> None:
        """Show these fields.

        Rows that exist already are kept, with the cursor in its place. ``anew``: the values belong to another entity,
        so all rows are replaced.
        """
        # One at a time: a key press and newly typed text may both call this, each in its own task.
        async with self.batch():
            self._fields = tuple(fields)
            wanted: list[FormRow] = []
            kept = {(row.field_id, row.spec): row for row in self._rows}
            for spec in self._fields:
                for id in self._ids(spec, values):
                    wanted.append(self._renewed(spec, id, values, None if anew else kept.pop((id, spec), None)))
            for row in kept.values():
                await row.remove()
            before: Widget | None = None
            for row in wanted:
                if not row.is_attached:
                    if before is None:
                        await self.mount(row, before=0 if self.children else None)
                    else:
                        await self.mount(row, after=before)
                before = row
            self._rows = wanted
            for row in wanted:
                self._say_in(row)
        if (to := focus if focus is not None else self._cursor_to) is not None:
            self.put_cursor(to)

    @staticmethod
    def _renewed(spec: Field, id: str, values: Mapping[str, str], row: FormRow | None) -> FormRow:
        """Return the existing row with its new value, or a new row if there was none."""
        if row is None:
            row = FormRow(spec, id, values.get(id, ""))
        else:
            row.renew(spec)
            row.agree(values.get(id) or spec.default if isinstance(row.control, Choice) else values.get(id, row.value))
        if isinstance(row.control, Completion):
            row.control.offer(spec.names, spec.describe, several=spec.several)
        return row

    async def renew(self, values: Mapping[str, str]) -> None:
        """Show the same fields with other values. A list whose last row was filled gets another row."""
        await self.show(self._fields, values)

    @staticmethod
    def _ids(spec: Field, values: Mapping[str, str]) -> list[str]:
        if spec.kind is not FieldKind.LIST:
            return [spec.id]
        filled = [
            int(key.rpartition(".")[2]) for key, value in values.items() if value and key.rpartition(".")[0] == spec.id
        ]
        count = min((max(filled) + 2) if filled else 1, spec.most)
        return [f"{spec.id}.{number}" for number in range(count)]

    @property
    def values(self) -> dict[str, str]:
        return {row.field_id: row.value for row in self._rows}

    def row(self, field_id: str) -> FormRow | None:
        return next((row for row in self._rows if row.field_id == field_id), None)

    def say(self, sentences: Mapping[str, tuple[str, Tone]]) -> None:
        """Set the sentences below the fields, by field ID; other fields have none.

        The text need not be `visible` yet.
        """
        self._said = dict(sentences)
        for row in self._rows:
            self._say_in(row)
        self.call_after_refresh(self._keep_cursor_in_sight)

    def _say_in(self, row: FormRow) -> None:
        said = self._said.get(row.field_id)
        if said is None and row is next((each for each in self._rows if each.spec.id == row.spec.id), None):
            said = self._said.get(row.spec.id)
        text, tone = said or ("", Tone.NOTE)
        row.sentence.say(text, tone)
        if isinstance(row.control, Completion):
            lines = row.sentence.lines_in(row.size.width) if text else 0
            grave = tone in (Tone.FAULT, Tone.WARNING)
            row.control.leave_free(lines if grave else 0, 0 if grave else lines)

    def _keep_cursor_in_sight(self) -> None:
        """Scroll so that the field with the cursor and its sentence are visible.

        Sentences above may have moved it down.
        """
        row = next((row for row in self._rows if row.has_cursor), None)
        if row is not None and not self.region.contains_region(row.region):
            self.scroll_to_widget(row, animate=False)

    # The cursor

    def put_cursor(self, field_id: str | None = None) -> None:
        """Move the cursor to a field, or to the first one."""
        rows = [row for row in self._rows if field_id in (None, row.field_id, row.spec.id)] or self._rows
        if rows:
            self._cursor_to = rows[0].field_id
            rows[0].put_cursor()

    def let_cursor_go(self) -> None:
        """Cancel a pending move of the cursor to a field, because the cursor belongs somewhere else now."""
        self._cursor_to = None

    @property
    def cursor(self) -> str:
        """The ID of the field with the cursor, or "" if no field has it."""
        return next((row.field_id for row in self._rows if row.has_cursor), "")

    def step(self, by: int) -> bool:
        """Move the cursor to the next or the previous field. Return False at the end."""
        at = next((index for index, row in enumerate(self._rows) if row.has_cursor), -1)
        if not 0 <= at + by < len(self._rows):
            return False
        self._rows[at + by].put_cursor()
        return True

    # What the fields say

    def _row_of(self, control: Widget) -> FormRow | None:
        return next((row for row in self._rows if row.control is control), None)

    @on(Completion.Submitted)
    @on(Choice.Submitted)
    def _submitted(self, message: Completion.Submitted | Choice.Submitted) -> None:
        message.stop()
        row = self._row_of(message.control)
        if not self.step(1) and row is not None:
            self.post_message(self.Submitted(row.field_id))

    @on(Completion.Changed)
    @on(Choice.Changed)
    @on(DocumentBox.Changed)
    def _changed(self, message: Completion.Changed | Choice.Changed | DocumentBox.Changed) -> None:
        message.stop()
        if isinstance(message, Completion.Submitted):
            return
        row = self._row_of(message.control)
        if row is not None:
            self.post_message(self.Changed(row))

    @on(Choice.Stepped)
    def _stepped(self, message: Choice.Stepped) -> None:
        message.stop()
        self.step(message.by)

    def on_descendant_focus(self) -> None:
        self._cursor_to = None
        if self.cursor:
            self.call_after_refresh(self._keep_cursor_in_sight)
            self.post_message(self.Entered(self, self.cursor))
