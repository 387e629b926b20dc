"""The differences between two states of the account: since a snapshot, or with a policy added or removed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.worker import get_current_worker

from diagnostics.differences.what_if import WhatIfError
from diagnostics.differences.whole import Tell, compare
from diagnostics.review.limits import Limits
from diagnostics.review.subject import ReviewedAccount
from iam.account import Account
from iam.changes.entity_name import EntityName
from iam.sources.reader.account_reader import AccountReader
from iam.sources.snapshot.reader import open_snapshot
from iam.sources.source_error import SourceError
from screens.commands import Command, bindings
from screens.export.documents import file_name
from screens.export.menu import stamped
from screens.export.save import ask_where
from screens.frame.base import PANES, BaseScreen
from screens.session import Session
from screens.text import marks, visible
from screens.widgets.headline import Headline
from screens.widgets.modal import TextLines
from screens.widgets.pane import Pane
from screens.widgets.styles import BAD, PLAIN, WARN
from screens.worker_failures import Answer, GivenUp, run_in_thread

COMMANDS = (
    Command("difference.export", "e", "export", "Save the comparison.", show_in_footer=True),
    Command("difference.back", "escape", "stop, back", "Stop; then go back.", palette=False, show_in_footer=True),
)


@dataclass(eq=False, repr=False)
class DifferenceTold(Answer):
    """The comparison made progress. At its end, ``text`` is the result, or ``trouble`` says why there is none."""

    state: str
    text: str = ""
    trouble: str = ""


class DifferenceScreen(BaseScreen):
    """Compares two states of the account in a worker, with progress. Subclasses define the states in `found`."""

    MODE = "roles"
    DECLARED: ClassVar[Sequence[Command]] = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    DifferenceScreen #difference-state { min-height: 1; }
    DifferenceScreen TextLines { height: 1fr; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.text = ""

    def compose_body(self) -> Iterable[Widget]:
        with Pane(title=self.title_of_answer, id="difference"):
            yield Headline(id="difference-state")
            yield TextLines()

    @property
    def title_of_answer(self) -> str:
        """The title of the pane with the answer, already passed through `visible`."""
        raise NotImplementedError

    def found(self, account: Account, reader: AccountReader, limits: Limits, tell: Tell) -> Iterable[str]:
        """Return the lines of the answer. Raises SourceError, WhatIfError, and whatever ``tell`` raises. May block."""
        raise NotImplementedError

    def rests_on(self) -> Iterable[EntityName] | None:
        return None if self.text else ()

    def ask_again(self) -> None:
        if self.text:
            self.begin()

    def begin(self) -> None:
        account, reader = self.session.account, self.session.reader
        if account is None or reader is None:
            self.tell_state("The account has not been read yet.", trouble=True)
            return
        limits = self.session.review_limits or Limits()
        self.just_read()
        self.tell_state("reading ...")
        run_in_thread(self, lambda: self._compare(account, reader, limits), "difference")

    def _compare(self, account: Account, reader: AccountReader, limits: Limits) -> None:
        worker = get_current_worker()
        last = ""

        def tell(what: str, done: int, of: int) -> None:
            nonlocal last
            if worker.is_cancelled:
                raise GivenUp
            said = f"{what}{f' {done * 100 // of} %' if of else ''}"
            if said != last:
                last = said
                self.post_message(DifferenceTold(f"{said} {marks().ellipsis} escape stops"))

        try:
            text = "\n".join(self.found(account, reader, limits, tell))
        except (SourceError, WhatIfError, RuntimeError) as error:  # the last: ~ of nobody
            self.post_message(DifferenceTold("", trouble=str(error)))
        except GivenUp:
            return
        else:
            if not worker.is_cancelled:
                self.post_message(DifferenceTold("", text))

    def on_difference_told(self, message: DifferenceTold) -> None:
        message.stop()
        self.tell_state(message.trouble or message.state, trouble=bool(message.trouble))
        if message.text:
            self.text = message.text
            self.show_text(message.text)
            self.set_focus(self.query_one(TextLines))
            self.refresh_bindings()

    def show_text(self, text: str) -> None:
        lines = self.query_one(TextLines)
        lines.text = text
        lines.changed()

    def tell_state(self, words: str, *, trouble: bool = False) -> None:
        self.query_one("#difference-state", Headline).set(("", PLAIN), (words, BAD if trouble else WARN), ())

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if not objection and command.action == "export" and not self.text:
            return "Nothing has been compared yet."
        return objection

    def action_export(self) -> None:
        ask_where(self, f"{file_name(stamped('difference', self.session.now))}.txt", f"{self.text}\n")

    def action_back(self) -> None:
        if any(worker.group == "difference" and not worker.is_finished for worker in self.workers):
            self.workers.cancel_group(self, "difference")
            self.tell_state("stopped", trouble=True)
        else:
            self.note_typed()
            self.dismiss()


class SinceSnapshot(DifferenceScreen):
    """Compares the snapshot at ``path`` (before) with the account (after)."""

    def __init__(self, session: Session, path: Path) -> None:
        super().__init__(session)
        self.path = path

    @property
    def title_of_answer(self) -> str:
        return visible(f"Since {self.path.name}")

    def words(self) -> str:
        return (
            "This screen shows what differs from the snapshot, and which access changes, with every layer "
            "evaluated. + means gained, - lost, ~ allowed under other conditions. If the access before or after is "
            "unknown, no difference is reported."
        )

    def on_mount(self) -> None:
        self.begin()

    def found(self, account: Account, reader: AccountReader, limits: Limits, tell: Tell) -> Iterable[str]:
        earlier = open_snapshot(self.path.expanduser())
        (*_, before) = earlier.accounts()
        if before.id != account.id:
            raise SourceError(f"The snapshot is of account {before.id}, but this is account {account.id}.")
        return compare(ReviewedAccount(before, earlier, limits), ReviewedAccount(account, reader, limits), tell).lines()
