"""The log of recorded changes, newest first.

It shows the document before and after each change, and who added each statement. It can plan the undo of a change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.worker import get_current_worker

from iam.account import Role
from iam.claims import nobody
from screens.commands import Command, bindings
from screens.copy.menu import Copy, copy_menu
from screens.export.documents import Export, file_name
from screens.export.menu import export_menu, stamped
from screens.export.tables import table_texts
from screens.frame.base import PANES
from screens.frame.list_screen import ListScreen
from screens.plan.planning import PlansChanges
from screens.session import Session
from screens.text import marks, plural, visible
from screens.widgets.difference import DifferenceView
from screens.widgets.modal import TextWindow
from screens.widgets.pane import Pane
from screens.widgets.styles import FAINT, PLAIN, WARN
from screens.widgets.table import Column, Row, VirtualTable, fitted
from screens.worker_failures import Answer, run_in_thread

if TYPE_CHECKING:
    from diagnostics.history.log import ChangeEffects, Entry
    from iam.history.change import Change, Entity
    from iam.history.gather import Recorded
    from iam.history.timeline import History
    from iam.sources.reader.opened import OpenedAccount

DAYS = 90
MOST_EFFECTS = 200
"""The maximum number of changes whose effects are computed on the screen."""

COLUMNS = (
    Column("TIME", 11, given=True),
    Column("", 1, mark=True),
    Column("ON", 12, grow=2, most=40),
    Column("WHAT", 20, grow=4, most=70),
    Column("EFFECT", 14, grow=3, most=60, drop=1),
    Column("WHO", 10, grow=1, most=28),
    Column("WITH", 14, drop=2, most=14),
)
_ON = 2
"""The index of the column that names the changed entity."""

COMMANDS = (
    Command("history.blame", "B", "blame", "Show each statement with the change that added it.", show_in_footer=True),
    Command(
        "history.revert", "p", "undo it", "Show a plan that undoes this change.", show_in_footer=True, changes=True
    ),
    Command("history.account", "h", "account", "Show the history of the account.", show_in_footer=True),
    Command("history.copy", "y", "copy", "Copy the line, a document, or the event's ID."),
    Command("history.export", "e", "export", "Save the list: Markdown or CSV.", show_in_footer=True),
    Command("history.back", "escape", "stop, back", "Stop reading; then go back.", palette=False, show_in_footer=True),
)


@dataclass(frozen=True, slots=True)
class Found:
    """The results of a read: the recorded data, the states, and the log."""

    recorded: Recorded
    history: History
    entries: tuple[Entry, ...]


@dataclass(eq=False, repr=False)
class HistoryFound(Answer):
    """The history was read, completely or in part. ``said`` describes the progress while more is read."""

    said: str = ""
    found: Found | None = None


@dataclass(eq=False, repr=False)
class EffectsFound(Answer):
    """The effects of one log entry were computed."""

    number: int
    effects: ChangeEffects


@dataclass(eq=False, repr=False)
class BlameFound(Answer):
    """The statements of an entity were found, each with the change that added it."""

    name: str
    text: str


@dataclass(eq=False, repr=False)
class CommandsFound(Answer):
    """The commands that undo a change were found. If there are no commands, ``why`` is the reason."""

    commands: tuple[str, ...]
    why: str


class HistoryScreen(ListScreen, PlansChanges):
    """The log of ``subject``, or of the entire account if ``subject`` is None.

    ``entities`` returns the entities that the log covers.
    """

    MODE = "roles"
    WORK = "history"
    DECLARED: ClassVar[Sequence[Command]] = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    HistoryScreen #logged { height: 1fr; }
    HistoryScreen #differing { height: 1fr; }
    """

    def __init__(
        self, session: Session, subject: str | None, entities: Callable[[OpenedAccount], Iterable[Entity]]
    ) -> None:
        super().__init__(session)
        self.subject = subject
        self._entities = entities
        self._found: Found | None = None
        self._effects: dict[int, ChangeEffects] = {}

    def compose_body(self) -> Iterable[Widget]:
        with Pane(id="logged"):
            yield VirtualTable(COLUMNS, id="log")
        with Pane(title="Before and after", id="differing"):
            yield DifferenceView(id="difference")

    def words(self) -> str:
        return (
            "The newest change is first; times are UTC. Below the list is the document before and after the change "
            "under the cursor. A line with ? is a gap: something changed, but no record of the change was found."
        )

    def on_mount(self) -> None:
        self.ask_again()

    def ask_again(self) -> None:
        self.just_read()
        self._head("reading changes ...")
        account, reader = self.session.account, self.session.reader
        if account is None or reader is None:
            self._head("the account has not been read yet")
            return
        from iam.sources.reader.opened import OpenedAccount

        opened = OpenedAccount(account, reader)
        run_in_thread(self, lambda: self._read(opened), "history")

    def _read(self, opened: OpenedAccount) -> None:
        from diagnostics.history.log import effects_of, entries
        from iam.history.cache import EventCache
        from iam.history.config_items import from_config
        from iam.history.gather import recorded_for

        worker = get_current_worker()

        def say(said: str) -> None:
            if worker.is_cancelled:
                raise InterruptedError
            self.post_message(HistoryFound(said))

        cache = EventCache(opened.account.id) if opened.reader.kind == "aws" else None
        since = opened.account.now - timedelta(days=DAYS)
        wanted = tuple(self._entities(opened))
        try:
            recorded = recorded_for(wanted, opened, since, cache=cache, progress=say, whole=self.subject is None)
            from_config(opened.reader, wanted, recorded)
            history = recorded.history(opened)
            listed = tuple(entries(history, wanted if self.subject is not None else None))
            self.post_message(HistoryFound(found=Found(recorded, history, listed)))
            for number, entry in enumerate(listed[:MOST_EFFECTS]):
                if worker.is_cancelled:
                    return
                self.post_message(EffectsFound(number, effects_of(entry, history, opened)))
        except InterruptedError:
            return

    def on_history_found(self, message: HistoryFound) -> None:
        message.stop()
        if message.found is None:
            self._head(f"reading changes: {message.said}")
            return
        self._found, self._effects = message.found, {}
        self._show()

    def on_effects_found(self, message: EffectsFound) -> None:
        message.stop()
        self._effects[message.number] = message.effects
        self._show()

    def _head(self, said: str, note: str = "") -> None:
        about = f"History of {visible(self.subject)}" if self.subject else "History of the account"
        self.query_one("#logged", Pane).name_it(about, said, note)

    def _rows(self) -> list[Row]:
        assert self._found is not None
        rows = []
        for number, entry in enumerate(self._found.entries):
            change = entry.change
            mark, style = (marks().unknown, WARN) if change is None else ("", PLAIN)
            if change is not None and change.error is not None:
                mark, style = marks().failed, FAINT
            effects = self._effects.get(number)
            cells = (
                f"{entry.at:%m-%d %H:%M}",
                mark,
                visible(entry.on),
                visible(entry.brief or entry.what),
                visible(_effect_words(entry, effects)),
                visible(entry.by),
                visible(entry.tool),
            )
            rows.append(Row(str(number), cells, style))
        return rows

    def _show(self) -> None:
        if self._found is None:
            return
        rows = self._rows()
        recorded = self._found.recorded
        empty = " ".join((f"No change is recorded since {recorded.since:%Y-%m-%d}.", *map(visible, recorded.gaps)))
        columns: Sequence[Column] = COLUMNS
        if len({entry.on for entry in self._found.entries}) == 1:  # all are about one entity, which the title names
            columns = (*COLUMNS[:_ON], *COLUMNS[_ON + 1 :])
            rows = [replace(row, cells=(*row.cells[:_ON], *row.cells[_ON + 1 :])) for row in rows]
        self.table.show(rows, empty=empty, columns=fitted(columns, rows))
        changes = sum(entry.change is not None for entry in self._found.entries)
        gaps = len(recorded.gaps) + len(self._found.entries) - changes
        note = f"{plural(gaps, 'gap')} in the record (enter shows them)" if gaps else ""
        self._head(f"{plural(changes, 'change')} since {recorded.since:%Y-%m-%d}", note)
        self.show_detail()

    def _entry(self) -> tuple[int, Entry] | None:
        table = self.table
        if self._found is None or not self._found.entries:
            return None
        number = min(table.cursor, len(self._found.entries) - 1)
        return number, self._found.entries[number]

    def show_detail(self) -> None:
        chosen = self._entry()
        view = self.query_one("#difference", DifferenceView)
        if chosen is None:
            view.show("", "")
            return
        number, entry = chosen
        before, after = entry.documents
        effect = _effect_words(entry, self._effects.get(number))
        note = "effect unknown, enter shows why" if effect == _UNKNOWN else effect
        self.query_one("#differing", Pane).name_it(visible(entry.what), visible(note))
        if before is None and after is None:
            effects = self._effects.get(number)
            compared = effects.effects if effects is not None else None
            text = effects.why_not if effects is not None else ""
            if compared is not None:
                whole = nobody("gains or loses anything by it", complete=compared.complete)
                text = "\n".join(compared.said) or f"{whole}."
            view.show(text, text)
            return
        view.show(before.text if before is not None else "", after.text if after is not None else "")

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        chosen = self._entry()
        if chosen is None or self._found is None:
            return
        number, entry = chosen
        change, effects = entry.change, self._effects.get(number)
        lines = [entry.what, ""]
        if change is not None:
            lines += [f"{entry.at:%Y-%m-%d %H:%M:%S} UTC, {change.event}, event {change.event_id}", f"by {change.by}"]
            lines += [f"with {change.via}", ""]
        if effects is not None:
            lines += list(effects.effects.said) if effects.effects is not None else [effects.why_not]
        lines += ["", *self._found.recorded.gaps]
        self.app.push_screen(TextWindow("A recorded change", "\n".join(lines)))

    def action_revert(self) -> None:
        chosen, found = self._entry(), self._found
        if chosen is None or found is None or chosen[1].change is None:
            self.say("There is no recorded change here to undo.", trouble=True)
            return
        change = chosen[1].change
        from diagnostics.history.revert import has_plan, revert_plan

        if not has_plan(change):
            self._find_commands(change, found.history)
            return
        from diagnostics.plans.role_change import measured_now

        self.plan_change(lambda opened: measured_now(revert_plan(change, found.history, opened), opened))

    def _find_commands(self, change: Change, history: History) -> None:
        """Show the commands that undo a change that no plan can undo."""
        from diagnostics.history.revert import revert_commands
        from iam.changes.plan import PlanError

        def work() -> None:
            try:
                commands = revert_commands(change, history)
                why = "" if commands else "No command can undo this change; press y to copy the earlier document."
            except PlanError as error:
                commands, why = (), str(error)
            self.post_message(CommandsFound(commands, why))

        run_in_thread(self, work, "plan")

    def on_commands_found(self, message: CommandsFound) -> None:
        message.stop()
        if not self.in_view:
            return
        if message.commands:
            copy_menu(self, [Copy("c", "the command that undoes it", "\n".join(message.commands))])
        else:
            self.say(message.why, trouble=True)

    def action_copy(self) -> None:
        chosen = self._entry()
        if chosen is None:
            return
        entry = chosen[1]
        before, after = entry.documents
        copies = [Copy("t", "the line", f"{entry.at:%Y-%m-%dT%H:%M:%SZ} {entry.by} {entry.what}")]
        copies += [Copy("b", "the document before the change", before.text)] if before is not None else []
        copies += [Copy("a", "the document after the change", after.text)] if after is not None else []
        if entry.change is not None and entry.change.event_id:
            copies.append(Copy("i", "the event's ID", entry.change.event_id))
        copy_menu(self, copies)

    def action_blame(self) -> None:
        from diagnostics.history.blame import blame, blame_policy
        from diagnostics.history.report import blame_text
        from iam.sources.reader.opened import OpenedAccount

        account, reader, found = self.session.account, self.session.reader, self._found
        if account is None or reader is None or found is None:
            return
        opened = OpenedAccount(account, reader)
        name = self.subject or ""
        holder = account.role(name) or account.user(name) or account.group(name)
        policy = account.policy(name)
        if holder is None and (policy is None or policy.document is None):
            self.say("Blame is available for a role, a user, a group or a policy.", trouble=True)
            return

        def work() -> None:
            whose = holder
            if isinstance(whose, Role) and not whose.has_details:
                whose = reader.role(name).value or whose
            if whose is None:
                assert policy is not None and policy.document is not None
                lines = list(blame_text(list(blame_policy(policy.arn, policy.document, found.history))))
            elif whose.inline is None:
                lines = [f"The policies of {name} could not be read."]
            else:
                lines = list(blame_text(list(blame(whose, found.history, opened))))
            self.post_message(BlameFound(name, "\n".join(lines) or "No statement."))

        run_in_thread(self, work, "blame")

    def on_blame_found(self, message: BlameFound) -> None:
        message.stop()
        if self.in_view:
            self.app.push_screen(TextWindow(f"Blame of {visible(message.name)}", message.text))

    def why_not(self, command: Command) -> str:
        if command.action == "account" and self.subject is None:
            return "This already is the history of the account."
        return super().why_not(command)

    def action_account(self) -> None:
        self.app.push_screen(account_history(self.session))

    def action_export(self) -> None:
        if self._found is None:
            return
        texts = table_texts(COLUMNS, self._rows())
        name = f"history-{file_name(self.subject)}" if self.subject else "history"
        export_menu(self, Export("Export the history", stamped(name, self.session.now), texts))


def _effect_words(entry: Entry, effects: ChangeEffects | None) -> str:
    """Return what a change granted and removed; "unknown" if it cannot be computed, "" while it is being computed."""
    if effects is None or entry.change is None:
        return ""
    return _UNKNOWN if effects.effects is None else effects.short or "none"


_UNKNOWN = "unknown"


def role_history(session: Session, name: str) -> HistoryScreen:
    """Return the history screen of a role, with the policies that it has."""

    def entities(opened: OpenedAccount) -> Iterable[Entity]:
        from iam.history.change import Entity, Kind
        from iam.history.gather import entities_behind

        role = opened.account.role(name)
        if role is not None and not role.has_details:
            role = opened.reader.role(name).value or role
        return entities_behind(role, opened.account) if role is not None else (Entity(Kind.ROLE, name),)

    return HistoryScreen(session, name, entities)


def policy_history(session: Session, arn: str) -> HistoryScreen:
    """Return the history screen of a managed policy, with its versions and its default version."""

    def entities(opened: OpenedAccount) -> Iterable[Entity]:
        from iam.history.change import Entity, Kind

        return (Entity(Kind.POLICY, arn),)

    return HistoryScreen(session, arn, entities)


def account_history(session: Session) -> HistoryScreen:
    """Return the history screen of the account: every role, user, group and policy, and the organization's policies."""
    return HistoryScreen(session, None, lambda opened: ())
