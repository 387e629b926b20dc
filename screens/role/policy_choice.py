"""A window to choose a managed policy from: the list narrows while one types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from iam.arn import name_of
from iam.sources.reader import Reading
from screens.commands import Command, bindings
from screens.text import visible
from screens.widgets.footer import Footer
from screens.widgets.form.line_input import LineInput
from screens.widgets.modal import CLOSE, Window
from screens.widgets.styles import FAINT
from screens.widgets.table import Column, Row, VirtualTable

HERE = (
    Command("policy-choice.next", "down", "next", "Move to the next policy.", "This window", palette=False),
    Command("policy-choice.previous", "up", "previous", "Move to the policy before.", "This window", palette=False),
)


class MorePolicies(Message):
    def __init__(self, reading: Reading[tuple[str, ...]]) -> None:
        super().__init__()
        self.reading = reading


class PolicyChoice(Window[str]):
    """The result is an ARN, or None. ``more`` reads further ones in a worker; one that is in no list can be typed."""

    AUTO_FOCUS = "Input"
    DECLARED = (*HERE, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(HERE)
    DEFAULT_CSS = """
    PolicyChoice VirtualTable { height: 14; }
    """

    def __init__(self, title: str, arns: Sequence[str], more: Callable[[], Reading[tuple[str, ...]]]) -> None:
        super().__init__(title)
        self.arns, self.more = tuple(arns), more

    def compose_inside(self) -> Iterable[Widget]:
        yield LineInput(placeholder="a part of the name, or an ARN; enter takes the line that is lit")
        columns = (Column("", 44), Column("", 10, grow=1, style=FAINT))
        yield VirtualTable(columns, heading=False, empty="No policy has that in its name.")

    def on_mount(self) -> None:
        self.narrow("")
        self.say("Reading which policies there are ...")
        self.run_worker(
            lambda: self.post_message(MorePolicies(self.more())), thread=True, group="policies", exit_on_error=False
        )

    def on_more_policies(self, message: MorePolicies) -> None:
        message.stop()
        self.arns = tuple(dict.fromkeys((*self.arns, *(message.reading.value or ()))))
        self.narrow(self.query_one(LineInput).value.strip())
        trouble = message.reading.why or message.reading.note
        if trouble:
            self.say(f"Not all policies could be listed: {trouble}", trouble=True)
        else:
            self.query_one(Footer).hush()

    @property
    def table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    def narrow(self, typed: str) -> None:
        words = typed.casefold().split()
        found = [arn for arn in self.arns if all(word in arn.casefold() for word in words)]
        if words:
            found.sort(key=lambda arn: len(name_of(arn)))  # the name that is closest to what was typed
        if typed.startswith("arn:") and ":policy/" in typed and typed not in self.arns:
            found.insert(0, typed)
        self.table.show([Row(arn, (visible(name_of(arn)), visible(arn))) for arn in found])

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.narrow(message.value.strip())

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        if self.table.row is not None:
            self.dismiss(self.table.row.id)

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        self.dismiss(message.row.id)

    def action_next(self) -> None:
        self.table.move_by(1)

    def action_previous(self) -> None:
        self.table.move_by(-1)
