"""A window to choose a policy or a name, with a list that typing narrows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from textual.message import Message
from textual.widget import Widget

from iam.arn import Arn, name_of
from iam.sources.reader.reading import Reading
from screens.text import visible
from screens.widgets.footer import Footer
from screens.widgets.form.filtered_menu import NarrowingWindow
from screens.widgets.form.line_input import AnswerInput
from screens.widgets.modal import MENU_COLUMNS, WholeDetail
from screens.widgets.table import Row, VirtualTable, fitted
from screens.worker_failures import run_in_thread

INSTANCE_HINT = "part of the instance's ID or Region"


@dataclass(eq=False, repr=False)
class MoreTexts(Message):
    reading: Reading[tuple[str, ...]]


def is_policy_arn(typed: str) -> bool:
    return typed.startswith("arn:") and ":policy/" in typed


class ChoiceWindow(NarrowingWindow):
    """The window that lists the choices for a field. The result is an ARN or a name, or None.

    ``more`` reads further entries in a worker. A value that is not listed can be typed if ``takes`` accepts it.
    """

    DEFAULT_CSS = """
    ChoiceWindow VirtualTable { height: 14; }
    """

    def __init__(
        self,
        title: str,
        texts: Sequence[str],
        more: Callable[[], Reading[tuple[str, ...]]] | None = None,
        *,
        takes: Callable[[str], bool] = is_policy_arn,
        hint: str = "part of the name, or an ARN",
    ) -> None:
        super().__init__(title)
        self.texts, self.more, self.takes, self.hint = tuple(texts), more, takes, hint

    def compose_inside(self) -> Iterable[Widget]:
        yield AnswerInput(placeholder=self.hint)
        yield VirtualTable(MENU_COLUMNS, heading=False, empty="No name contains this text.")
        yield WholeDetail()

    def on_mount(self) -> None:
        more = self.more
        if more is not None:
            self.say("Reading more choices ...")
            run_in_thread(self, lambda: self.post_message(MoreTexts(more())), "choices", exclusive=False)

    def on_more_texts(self, message: MoreTexts) -> None:
        message.stop()
        self.texts = tuple(dict.fromkeys((*self.texts, *(message.reading.value or ()))))
        self.narrow(self.query_one(AnswerInput).value.strip())
        trouble = message.reading.why or message.reading.note
        if trouble:
            self.say(f"Not all choices could be listed: {trouble}", trouble=True)
        else:
            self.query_one(Footer).hush()

    def narrow(self, typed: str) -> None:
        words = typed.casefold().split()
        found = [text for text in self.texts if all(word in text.casefold() for word in words)]
        if words:
            found.sort(key=lambda text: len(name_of(text)))  # the name closest to the typed text comes first
        if typed and typed not in self.texts and self.takes(typed):
            found.insert(0, typed)
        rows = [_row(text) for text in found]
        self.table.show(rows, columns=fitted(MENU_COLUMNS, rows))


def _row(text: str) -> Row:
    name = name_of(text)
    arn = Arn.parse(text) if is_policy_arn(text) else None
    if arn is not None:
        return Row(text, (visible(name), "aws-managed" if arn.account == "aws" else "customer-managed"))
    return Row(text, (visible(name), visible(text) if name != text else ""))
