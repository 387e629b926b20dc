"""What changed since a snapshot: entities, who gained and lost which access, new and gone findings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from diagnostics.differences.whole import compare
from diagnostics.review.limits import Limits
from diagnostics.review.subject import ReviewedAccount
from iam.account import Account
from iam.sources.reader import AccountReader, SourceError
from iam.sources.snapshot.reader import open_snapshot
from screens.commands import Command, bindings
from screens.export.documents import file_name
from screens.export.menu import stamped
from screens.export.save import ask_where
from screens.frame.base import PANES, BaseScreen
from screens.session import Session
from screens.text import marks, visible
from screens.widgets.line import Line
from screens.widgets.modal import TextLines
from screens.widgets.rules import TitledRule
from screens.widgets.styles import BAD, WARN
from screens.worker_failures import GivenUp

COMMANDS = (
    Command("difference.export", "e", "export", "Save what is shown.", show_in_footer=True),
    Command("difference.back", "escape", "stop, back", "Stop; then back.", palette=False, show_in_footer=True),
)


class DifferenceTold(Message):
    """How far the comparison is; ``text`` is what was found, at its end, ``trouble`` why there is nothing."""

    def __init__(self, state: str, text: str = "", trouble: str = "") -> None:
        super().__init__()
        self.state, self.text, self.trouble = state, text, trouble


class DifferenceScreen(BaseScreen):
    """Compares the snapshot at ``path`` (before) with the account (after)."""

    MODE = "roles"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    DifferenceScreen #difference-state { height: 1; }
    DifferenceScreen TextLines { height: 1fr; }
    """

    def __init__(self, session: Session, path: Path) -> None:
        super().__init__(session)
        self.path = path
        self.text = ""

    def compose_body(self) -> Iterable[Widget]:
        yield TitledRule(visible(f"since {self.path.name}"))
        yield Line(id="difference-state")
        yield TextLines()

    def words(self) -> str:
        return (
            "What differs from the snapshot, and what that means under every layer: + gained, - lost, ~ under other "
            "conditions. What one side does not tell is no difference."
        )

    def on_mount(self) -> None:
        account, reader = self.session.account, self.session.reader
        if account is None or reader is None:
            self._state("The account is not read yet.", trouble=True)
            return
        limits = self.session.review_limits or Limits()
        self._state("reading the snapshot ...")
        self.run_worker(
            lambda: self._compare(account, reader, limits), thread=True, group="difference", exit_on_error=False
        )

    def _compare(self, account: Account, reader: AccountReader, limits: Limits) -> None:
        worker = get_current_worker()
        told = ""

        def tell(what: str, done: int, of: int) -> None:
            nonlocal told
            if worker.is_cancelled:
                raise GivenUp
            said = f"{what}{f' {done * 100 // of} %' if of else ''}"
            if said != told:
                told = said
                self.post_message(DifferenceTold(f"{said} {marks().ellipsis} escape stops"))

        try:
            earlier = open_snapshot(self.path.expanduser())
            (*_, before) = earlier.accounts()
            if before.id != account.id:
                trouble = f"The snapshot is of account {before.id}, and this is {account.id}."
                self.post_message(DifferenceTold("", trouble=trouble))
                return
            states = ReviewedAccount(before, earlier, limits), ReviewedAccount(account, reader, limits)
            found = compare(*states, tell)
        except (SourceError, RuntimeError) as error:  # the latter: ~ of nobody
            self.post_message(DifferenceTold("", trouble=str(error)))
        except GivenUp:
            return
        else:
            self.post_message(DifferenceTold("", "\n".join(found.lines())))

    def on_difference_told(self, message: DifferenceTold) -> None:
        message.stop()
        self._state(message.trouble or message.state, trouble=bool(message.trouble))
        if message.text:
            self.text = message.text
            lines = self.query_one(TextLines)
            lines.text = message.text
            lines.changed()
            self.set_focus(lines)
            self.refresh_bindings()

    def _state(self, words: str, *, trouble: bool = False) -> None:
        self.query_one("#difference-state", Line).show((f" {visible(words)}", BAD if trouble else WARN))

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if not objection and command.action == "export" and not self.text:
            return "Nothing was compared yet."
        return objection

    def action_export(self) -> None:
        ask_where(self, f"{file_name(stamped('difference', self.session.now))}.txt", f"{self.text}\n")

    def action_back(self) -> None:
        if any(worker.group == "difference" and not worker.is_finished for worker in self.workers):
            self.workers.cancel_group(self, "difference")
            self._state("stopped", trouble=True)
        else:
            self.dismiss()
