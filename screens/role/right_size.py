"""A draft of a role with only the permissions that it used.

The screen shows the numbers of the replay, the differences, and the plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from diagnostics.json_versions import versioned
from iam.account import Account, Role
from iam.foreign_text import json_text, markdown_block, markdown_code
from iam.other_services import ServiceLastAccessed
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading
from iam.sources.reader.trail_queries import QueryPurpose, TrailQuestion, TrailSettings
from iam.sources.source_error import SourceError
from screens.ask_trail.screen import AskTrail
from screens.commands import Command, bindings
from screens.export.documents import Export, file_name
from screens.export.menu import export_menu
from screens.frame.base import PANES
from screens.frame.list_screen import ListScreen
from screens.plan.planning import PlansChanges
from screens.session import Session
from screens.text import marks, plural, visible
from screens.widgets.difference import DifferenceView
from screens.widgets.line import Line
from screens.widgets.modal import Prompt, TextWindow
from screens.widgets.pane import Pane
from screens.widgets.styles import FAINT, KEY, PLAIN, STRONG, WARN
from screens.widgets.table import Column, Row, VirtualTable, fitted
from screens.worker_failures import run_in_thread

if TYPE_CHECKING:  # they import code that the first view of a role does not need
    from diagnostics.right_size.draft import PolicyDraft
    from diagnostics.right_size.run import RightSized
    from diagnostics.right_size.trail import EventHistory, Trail
    from diagnostics.trail_query.calls import QueriedTrail
    from screens.ask_trail.screen import AgreedQuery

Accessed = Reading[tuple[ServiceLastAccessed, ...]]
TELL_EVERY = 0.25
"""The seconds between two progress messages."""

COMMANDS = (
    Command(
        "right-size.plan", "p", "plan", "Turn the draft into a plan, with its undo.", show_in_footer=True, changes=True
    ),
    Command(
        "right-size.all",
        "I",
        "all that was found",
        "Show the removed permissions, the permissions kept because their use is unknown, the refused calls, "
        "and the warnings.",
        show_in_footer=True,
    ),
    Command(
        "right-size.trail",
        "L",
        "files of a trail",
        "Use the recorded calls in a trail's file, or in a folder of such files.",
        show_in_footer=True,
    ),
    Command(
        "right-size.ask",
        "Q",
        "query the trail",
        "Query a trail with Athena or CloudTrail Lake; you see the query and its cost first.",
        show_in_footer=True,
    ),
    Command("right-size.export", "e", "export", "Save what was found.", show_in_footer=True),
    Command(
        "right-size.back",
        "escape",
        "stop, back",
        "Stop reading the event history and use what was read so far; or go back.",
        palette=False,
        show_in_footer=True,
    ),
)


COLUMNS = (
    Column("POLICY", 20, grow=2, most=60),
    Column("KIND", 16),
    Column("DRAFT", 10, grow=1),
    Column("STATEMENTS", 12, grow=1),
)
MOST_POLICIES = 6
"""The maximum height of the list of policies in lines; most of the space is for the documents."""


class Stopped(Exception):
    """Raised to end the work because its result is no longer needed."""


@dataclass(eq=False, repr=False)
class RightSizeWent(Message):
    """The work made progress, or it ended with the result, or with a sentence on why there is none."""

    number: int
    step: str = ""
    found: RightSized | None = None
    trouble: str = ""


class RightSizeScreen(ListScreen, PlansChanges):
    MODE = "roles"
    WORK = "right-size"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    RightSizeScreen #right-sized { height: auto; }
    """

    def __init__(self, session: Session, role_name: str, accessed: Accessed | None = None) -> None:
        super().__init__(session)
        self.role_name = role_name
        self.accessed = accessed
        self.found: RightSized | None = None
        self.step, self.trouble = "beginning", ""
        self._number = 0
        self._paths: tuple[Path, ...] = ()
        self._agreed: AgreedQuery | None = None
        self._history: EventHistory | None = None
        self._queried: QueriedTrail | None = None

    def compose_body(self) -> Iterable[Widget]:
        with Pane(title=f"{visible(self.role_name)}  right-sized", id="right-sized"):
            yield Line(id="right-size-numbers")
            yield Line(id="right-size-more")
            yield VirtualTable(COLUMNS, opens=False)
        with Pane(id="right-size-policy"):
            yield DifferenceView()

    def words(self) -> str:
        return (
            "The draft is the role's own policies with fewer actions and resources. Permissions that were not used "
            "are removed; permissions that may have been used stay. Every recorded call is evaluated again under "
            "the draft, with all layers. rolescope also checks that the draft allows nothing new."
        )

    def role_in_attention(self) -> Role | None:
        return self.session.role(self.role_name)

    def on_mount(self) -> None:
        self._begin()

    def ask_again(self) -> None:
        self.accessed = None
        self._begin()

    @property
    def _working(self) -> bool:
        return any(worker.group == "right-size" and not worker.is_finished for worker in self.workers)

    def _begin(self) -> None:
        role, reader, account = self.role_in_attention(), self.session.reader, self.session.account
        if role is None or reader is None or account is None:
            self.trouble = "The role has not been read yet."
            self.show()
            return
        self.just_read()
        self._number += 1
        self.found, self.trouble, self.step = None, "", "beginning"
        self._history, self._queried = None, None
        number, trail = self._number, self._trail(role, account, reader)
        self.show()
        run_in_thread(self, lambda: self._go(number, role, account, reader, trail), "right-size")

    def _trail(self, role: Role, account: Account, reader: AccountReader) -> Trail:
        """Return the events to read: the query that was agreed to, the given files, or else the event history."""
        from diagnostics.right_size.run import DAYS
        from diagnostics.right_size.trail import EventHistory, TrailFiles
        from diagnostics.trail_query.calls import QueriedTrail

        if self._agreed is not None:
            self._queried = QueriedTrail(self._agreed.query, self._agreed.source, account)
            return self._queried
        if self._paths:
            return TrailFiles(self._paths, role, account)
        self._history = EventHistory(reader, role, account, DAYS)
        return self._history

    def _go(self, number: int, role: Role, account: Account, reader: AccountReader, trail: Trail) -> None:
        from diagnostics.right_size.run import RightSizeError, right_size

        worker, last_message = get_current_worker(), 0.0

        def step(words: str) -> None:
            nonlocal last_message
            if worker.is_cancelled:
                raise Stopped
            if monotonic() - last_message > TELL_EVERY:
                last_message = monotonic()
                self.post_message(RightSizeWent(number, words))

        try:
            found = right_size(role, account, reader, trail=trail, accessed=self.accessed, step=step)
            if trail is not self._history and not found.coverage.events:
                raise RightSizeError(" ".join(found.trail.problems) or "The trail has no events.")
            self.post_message(RightSizeWent(number, found=found))
        except (RightSizeError, SourceError) as error:
            self.post_message(RightSizeWent(number, trouble=str(error)))
        except Stopped:
            return

    def on_right_size_went(self, message: RightSizeWent) -> None:
        message.stop()
        if message.number != self._number:
            return
        self.step, self.found, self.trouble = message.step, message.found, message.trouble
        self.show()
        if self.found is not None:  # the policies that change come first
            changed = next((str(index) for index, each in enumerate(self.found.draft.policies) if each.changed), "")
            self.table.go_to(changed)

    # Showing

    def show(self) -> None:
        from diagnostics.right_size.report import cautions, kind_of, outcome_of, removed_in_short

        numbers, more = self.query_one("#right-size-numbers", Line), self.query_one("#right-size-more", Line)
        table = self.table
        found = self.found
        if found is None:
            words = "nothing is drafted" if self.trouble else f"{visible(self.step)} {marks().ellipsis}"
            numbers.show((f" {words}", WARN if self.trouble else FAINT))
            slow = ""
            if self._history is not None:
                from diagnostics.right_size.trail import HOW_SLOW

                slow = f"; {HOW_SLOW}; Q queries a trail"
            more.show(("" if self.trouble else f" escape stops{slow}", FAINT))
            table.show([], empty=visible(self.trouble))  # shown there because it can wrap
            self.show_detail()
            self.refresh_bindings()
            return
        replay, signs = found.replay, marks()
        # without recorded calls, nothing shows that the draft is sufficient
        sure = found.only_narrows and replay.allowed > 0
        sign = signs.failed if replay.refused_calls else signs.passed if sure else signs.unknown
        numbers.show((f" {sign} {removed_in_short(found)}", STRONG))
        proof = "nothing newly allowed" if found.only_narrows else "it is unknown whether the draft allows anything new"
        kept = found.judgement.unknown.bit_count()
        unseen = f"; {plural(kept, 'action')} kept: use unknown" if kept else ""
        pieces = [(f" {proof}{unseen}", PLAIN)]
        if count := len(cautions(found)):
            pieces += [(f"; {plural(count, 'warning')} ", WARN), ("I", KEY)]
        more.show(*pieces)
        rows = [
            Row(
                str(index),
                (visible(each.policy.name or ""), kind_of(each), outcome_of(each), _statements(each)),
                PLAIN if each.changed else FAINT,
            )
            for index, each in enumerate(found.draft.policies)
        ]
        table.show(rows, columns=fitted(COLUMNS, rows))
        table.styles.height = min(len(rows), MOST_POLICIES) + 1
        self.show_detail()
        self.refresh_bindings()

    def _chosen(self) -> PolicyDraft | None:
        row = self.table.row if self.is_mounted else None
        return self.found.draft.policies[int(row.id)] if row and self.found else None

    def show_detail(self) -> None:
        chosen, rule, view = (
            self._chosen(),
            self.query_one("#right-size-policy", Pane),
            self.query_one(DifferenceView),
        )
        if chosen is None:
            rule.name_it("")
            view.show("", "")
            return
        before = chosen.policy.document.text
        after = chosen.after.text if chosen.after is not None else ""
        said = "" if chosen.changed else ": unchanged"
        rule.name_it(f"{visible(chosen.policy.name or '')}{said}")
        view.show(before, after)

    # Commands

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if objection or not self.is_mounted:
            return objection
        match command.action:
            case "plan" | "all" | "export" if self.found is None:
                return "There is no draft yet." if self._working else self.trouble
            case "plan" if self.found is not None and not self.found.draft.changed:
                return "The draft changes nothing."
        return ""

    def action_plan(self) -> None:
        from diagnostics.right_size.plan import right_size_plan

        found = self.found
        if found is not None:
            self.plan_change(lambda opened: right_size_plan(found, opened))

    def action_all(self) -> None:
        from diagnostics.right_size.report import text

        if self.found is not None:
            self.app.push_screen(TextWindow("All that was found", text(self.found, documents=False)))

    def action_export(self) -> None:
        from diagnostics.right_size.report import text, to_json

        found = self.found
        if found is not None:
            texts = {
                "md": "\n".join(
                    (f"# Right-size {markdown_code(found.role.name)}", "", *markdown_block(text(found)), "")
                ),
                "json": json_text(versioned("right-size", to_json(found))) + "\n",
            }
            export_menu(self, Export("Export the draft", f"right-size-{file_name(found.role.name)}", texts))

    def action_trail(self) -> None:
        def answered(answer: str | None) -> None:
            if answer and answer.strip():
                self._agreed = None
                self._paths = (Path(answer.strip()).expanduser(),)
                self._begin()

        note = "A trail's file (JSON, gzip), or a folder of such files."
        self.app.push_screen(Prompt("Files of a trail", "", note, typed=self.session.typed), answered)

    def action_ask(self) -> None:
        from diagnostics.right_size.run import DAYS

        role, reader, account = self.role_in_attention(), self.session.reader, self.session.account
        if role is None or reader is None or account is None:
            return
        now = self.session.now
        question = TrailQuestion(QueryPurpose.ROLE_CALLS, now - timedelta(days=DAYS), now, account.id, role)

        def agreed(found: AgreedQuery | None) -> None:
            if found is not None:
                self._agreed = found
                self._begin()

        self.app.push_screen(AskTrail(reader, {"": question}, self.session.trail_settings or TrailSettings()), agreed)

    def stop_work(self) -> bool:
        if not self._working or self._history is None or self._history.stopped:
            return False
        self._history.stop()
        self.say("The events read so far are used; press escape again to leave.")
        return True

    def leave(self) -> None:
        if self._queried is not None:
            self._queried.stop()
        super().leave()


def _statements(each: PolicyDraft) -> str:
    def count(document: object) -> int:
        listed = document.get("Statement") if isinstance(document, dict) else None
        return len(listed) if isinstance(listed, list) else 1 if listed else 0

    before = count(each.policy.document.value)
    after = count(each.after.value) if each.after is not None else 0
    return f"{before} {marks().arrow} {after}" if each.changed else str(before)
