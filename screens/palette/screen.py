"""The palette: every command, and every role by name, what was run last first.

It reads like a command line too: ``role NAME``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from screens.commands import Command, Commanded, bindings
from screens.help.screen import commands_of, keys_of
from screens.messages import OpenRole, SwitchAccount
from screens.session import Session
from screens.text import plural, visible
from screens.widgets.form.line_input import AnswerInput
from screens.widgets.modal import CLOSE, ListWindow, WholeDetail
from screens.widgets.pane import Pane
from screens.widgets.styles import FAINT
from screens.widgets.table import Column, Row, VirtualTable

COLUMNS = (Column("", 22, grow=1, most=48), Column("", 8), Column("", 12, grow=4, style=FAINT))
MOST = 500
"""Hits that are listed; the rest are only counted."""

MOVES = (
    Command("palette.down", "down,ctrl+n", "down", "Down.", "This window", palette=False),
    Command("palette.up", "up,ctrl+p", "up", "Up.", "This window", palette=False, priority=True),
    Command("palette.run", "enter", "run", "Run the chosen command.", "This window", True, palette=False),
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the palette."""

    id: str
    label: str
    detail: str
    run: Callable[[], object]
    why_not: str = ""
    keys: str = ""


def _beginnings(word: str) -> re.Pattern[str]:
    """Matches names whose parts begin with the word's letters, in order: ``oal`` is ``orders-api-lambda``."""
    return re.compile(r"(?<![a-z0-9])" + r"(?:.*(?<![a-z0-9]))?".join(map(re.escape, word)))


class Ranking:
    """How well a text matches the words that were typed (lower case)."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = [(word, _beginnings(word)) for word in words]

    def of(self, name: str, more: str = "") -> int | None:
        """Smaller is better, None is not at all.

        All words must be there: in the text as they are, or by beginnings of the name's parts.
        """
        score, text = 0, f"{name} {more}"
        for word, beginnings in self.words:
            at = text.find(word)
            if at < 0 and not beginnings.search(name):
                return None
            score += 3 if at < 0 else 0 if at == 0 else 1 if not text[at - 1].isalnum() else 2
        return score


class Palette(ListWindow[None]):
    """``owner`` is the screen that the palette lies over."""

    DECLARED = (*MOVES, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(MOVES)
    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    Palette { align: center top; }
    Palette > Pane { margin-top: 2; }
    Palette VirtualTable { max-height: 55vh; }
    """

    def __init__(self, session: Session, owner: Screen[object]) -> None:
        super().__init__("Command or role")
        self.session, self.owner = session, owner
        self.hits: list[Hit] = []
        self.commands = [
            Hit(
                command.id,
                command.title,
                command.help,
                self._runner(namespace, command),
                namespace.why_not(command),
                " ".join(keys_of(owner, command)),
            )
            for namespace, command in commands_of(owner)
            if command.palette
        ]
        account = session.account
        self.roles = [] if account is None else [(role.name.lower(), role.name, role.path) for role in account.roles]

    @staticmethod
    def _runner(namespace: Commanded, command: Command) -> Callable[[], object]:
        return getattr(namespace, f"action_{command.action}")  # type: ignore[no-any-return]  # an action method

    def compose_inside(self) -> Iterable[Widget]:
        yield AnswerInput(placeholder="roles, diagnose, role NAME, profile NAME, or any part of a role's name")
        table = VirtualTable(COLUMNS, heading=False)
        table.can_focus, table.lit_while_typing = False, True
        table.styles.height = 16
        yield table
        yield WholeDetail()

    def on_mount(self) -> None:
        self.search("")

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.search(message.value)

    def search(self, typed: str) -> None:
        """List what the typed text means: a command with its argument first, then commands, then roles."""
        text = typed.strip().lstrip(":").strip()
        words = text.lower().split()
        self.hits = self._typed_command(text)
        # "role NAME" asks for roles only, by any part of the name.
        only_roles = len(words) > 1 and words[0] == "role"
        ranking, role_ranking = Ranking(words), Ranking(words[1:] if only_roles else words)
        ranked = [
            (score, hit)
            for hit in ([] if only_roles else self.commands)
            if (score := ranking.of(hit.label.lower(), hit.detail.lower())) is not None
        ]
        ran = {id: place for place, id in enumerate(self.session.ran)}
        ranked.sort(key=lambda each: (each[0], ran.get(each[1].id, len(ran))))
        self.hits += [hit for _, hit in ranked]
        found = sorted(
            (score, ran.get(f"role/{name}", len(ran)), lower, name, path)
            for lower, name, path in self.roles
            if (score := role_ranking.of(lower)) is not None
        )
        self.hits += [
            Hit(f"role/{name}", name, f"role in {path}", lambda name=name: self._open(name))  # type: ignore[misc]  # bound now
            for *_, name, path in found[:MOST]
        ]
        rows = []
        for index, hit in enumerate(self.hits):
            detail = f"unavailable: {hit.why_not}" if hit.why_not else hit.detail
            rows.append(Row(str(index), (visible(hit.label), hit.keys, visible(detail))))
        table = self.query_one(VirtualTable)
        table.show(rows, empty="No command or role matches.")
        table.action_first()
        part = f", the first {MOST} listed" if len(found) > MOST else ""
        self.query_one(Pane).name_it(self.window_title, "", f"{plural(len(found), 'role')}{part}")
        self.call_after_refresh(self._show_whole)

    def _typed_command(self, text: str) -> list[Hit]:
        """``role NAME`` and ``profile NAME [REGION]``, as on a command line."""
        verb, _, rest = text.partition(" ")
        rest = rest.strip()
        if verb.lower() == "role" and rest and (role := self._role(rest)):
            return [Hit("role", role, "open this role", lambda: self._open(role))]
        if verb.lower() == "profile" and rest:
            name, _, region = rest.partition(" ")
            return [
                Hit(
                    "profile",
                    f"profile {rest}",
                    "open this profile's account",
                    lambda: self.app.post_message(SwitchAccount(name, region.strip() or None)),
                )
            ]
        return []

    def _role(self, typed: str) -> str | None:
        """The name of the role that the name or the ARN means, in any case."""
        account = self.session.account
        role = account and (account.role(typed) or account.role_ignoring_case(typed))
        return role.name if role else None

    def _open(self, name: str) -> None:
        self.app.post_message(OpenRole(name))

    def action_down(self) -> None:
        self.query_one(VirtualTable).action_down()

    def action_up(self) -> None:
        self.query_one(VirtualTable).action_up()

    def action_run(self) -> None:
        row = self.query_one(VirtualTable).row
        if row is None:
            return
        hit = self.hits[int(row.id)]
        if hit.why_not:
            self.say(hit.why_not, trouble=True)
            return
        app = self.app
        self.session.ran = [hit.id, *(id for id in self.session.ran if id != hit.id)]
        self.dismiss(None)
        app.call_next(hit.run)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.action_run()

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        self.action_run()

    def on_key(self, event: events.Key) -> None:
        """Put what was typed before the field existed into the field."""
        field = self.query_one(Input)
        if not field.has_focus and event.is_printable and event.character:
            event.stop()
            field.value += event.character
            field.cursor_position = len(field.value)
            self.set_focus(field)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
