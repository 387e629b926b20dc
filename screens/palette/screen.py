"""The palette finds every screen, command and role by its name or another word for it, on every screen.

Commands of the current screen and recently run commands are listed first. Typed text can also be a command with an
argument: ``role NAME``, ``delete NAME``, ``who can s3:PutObject``. A command of another screen opens that screen; if
something must be selected first, its line says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from screens.commands import Command, Commanded, bindings
from screens.help.screen import commands_of, keys_by_command
from screens.messages import AskWhoCan, OpenRole, RunElsewhere, RunOnRole, SwitchAccount, ViewAccount
from screens.palette.table import ALSO, ELSEWHERE, NEEDLESS, WEAK, ElsewhereCommand
from screens.session import Session
from screens.text import plural, visible
from screens.widgets.form.line_input import AnswerInput
from screens.widgets.modal import CLOSE, ListWindow, WholeDetail
from screens.widgets.pane import Pane
from screens.widgets.styles import FAINT
from screens.widgets.table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from iam.organization.accounts import Accounts

COLUMNS = (Column("", 22, grow=1, most=48), Column("", 8), Column("", 12, grow=4, style=FAINT))
MOST = 500
"""The maximum number of hits listed; further ones are only counted."""

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
    names: tuple[str, ...] = ()
    """The names of the command, in lower case: its label and the other words for it."""
    elsewhere: bool = False


def names_of(id: str, title: str) -> tuple[str, ...]:
    """Return the names of a command, in lower case.

    A command on an open role also has the names of the same command in the list of roles. All commands that export
    have the same names.
    """
    owner, _, action = id.partition(".")
    alike = {"copy": "app.copy-shown", "export": "app.export-shown"}.get(action, "")
    also = ALSO.get(id) or ALSO.get(f"roles.{action}" if owner == "role" and not alike else alike, "")
    return (title.lower().removesuffix(" ..."), *filter(None, also.split(", ")))


def how_close(text: str, names: Sequence[str]) -> float:
    """Return how closely a typed text matches one of the names; smaller is closer.

    0 is the exact name, 1 is its beginning, 2 is the beginnings of its words. A text that contains a name among other
    words gets 2 plus 0.1 for each other word, at most 2.9. 3 is not a match.
    """
    if text in names:
        return 0
    if any(name.startswith(text) for name in names):
        return 1
    words = text.split()
    if any(all(any(part.startswith(word) for part in name.split()) for word in words) for name in names):
        return 2
    among = [name.count(" ") + 1 for name in names if len(name) > 3 and name not in WEAK and _within(name, words)]
    return 2 + min(9, len(words) - max(among)) / 10 if among else 3


def _within(name: str, words: Sequence[str]) -> bool:
    """Return whether the words contain all words of the name, in any order."""
    return all(word in words for word in name.split())


def words_in_common(text: str, names: Sequence[str]) -> int:
    """Return the highest number of typed words that are prefixes of words in a single name."""
    words = [word for word in text.split() if len(word) > 2]
    return max(sum(any(part.startswith(word) for part in name.split()) for word in words) for name in names)


def _beginnings(word: str) -> re.Pattern[str]:
    """Return a pattern for names whose parts begin with these letters, in order.

    ``oal`` matches ``orders-api-lambda``.
    """
    return re.compile(r"(?<![a-z0-9])" + r"(?:.*(?<![a-z0-9]))?".join(map(re.escape, word)))


class Ranking:
    """Ranks texts by how well they match the typed words, which are in lower case."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = [(word, _beginnings(word)) for word in words]

    def of(self, name: str, more: str = "") -> int | None:
        """Return the rank, where smaller is better; None if the text does not match.

        All words must occur in the text, either unchanged or as the beginnings of the name's parts.
        """
        score, text = 0, f"{name} {more}"
        for word, beginnings in self.words:
            at = text.find(word)
            if at < 0 and not beginnings.search(name):
                return None
            score += 3 if at < 0 else 0 if at == 0 else 1 if not text[at - 1].isalnum() else 2
        return score


class Palette(ListWindow[None]):
    """The window of the palette. ``owner`` is the screen below it."""

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
        self.commands = [*self._here(), *self._elsewhere()]
        account = session.account
        self.roles = [] if account is None else [(role.name.lower(), role.name, role.path) for role in account.roles]

    def _here(self) -> Iterable[Hit]:
        """Yield the commands of the screen below and of the application."""
        titles: set[str] = set()
        reaching = keys_by_command(self.owner)
        for namespace, command in commands_of(self.owner):
            keys = reaching.get(command.id, [])
            # If a nearer command has the same name and key, only that one is listed.
            if command.palette and not (command.keys and not keys and command.title in titles):
                titles.add(command.title)
                yield Hit(
                    command.id,
                    command.title,
                    command.help,
                    self._runner(namespace, command),
                    namespace.why_not(command),
                    " ".join(keys),
                    names_of(command.id, command.title),
                )

    def _elsewhere(self) -> Iterable[Hit]:
        """Yield the commands of other screens."""
        here = [command for _, command in commands_of(self.owner)]
        ids = {command.id for command in here}
        ids |= {f"roles.{id.removeprefix('role.')}" for id in ids if id.startswith("role.")}
        for row in ELSEWHERE:
            if row.id not in ids:
                yield Hit(
                    row.id,
                    row.title,
                    f"needs {row.needs}" if row.needs else row.where,
                    self._leader(row),
                    "" if row.home else f"It needs {row.needs}.",
                    names=names_of(row.id, row.title),
                    elsewhere=True,
                )

    def _leader(self, row: ElsewhereCommand) -> Callable[[], object]:
        return lambda: self.app.post_message(RunElsewhere(row.home, row.id, row.needs))

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

    def hits_of(self, typed: str) -> tuple[list[Hit], int]:
        """Return the hits for the typed text, closest first, and the number of matching roles.

        A command typed with its argument is listed first.
        """
        text = typed.strip().lstrip(":").strip()
        words = text.lower().split()
        # "role NAME" finds only roles, by any part of the name.
        called = Ranking(words[1:])
        only_roles = (
            len(words) > 1 and words[0] == "role" and any(called.of(lower) is not None for lower, *_ in self.roles)
        )
        meant = " ".join([word for word in words if word not in NEEDLESS] or words)
        ranking, role_ranking = Ranking(meant.split()), called if only_roles else Ranking(words)
        ran = {id: place for place, id in enumerate(self.session.ran)}
        found: list[tuple[float, int, int, int, Hit]] = []
        for hit in [] if only_roles else self.commands:
            close = 0 if not meant else -1 if " ".join(words) in hit.names else how_close(meant, hit.names)
            score = 0 if close < 3 else ranking.of(hit.label.lower(), " ".join((*hit.names, hit.detail.lower())))
            if score is not None:
                found.append((close, 2 * hit.elsewhere, score, ran.get(hit.id, len(ran)), hit))
        ranked = [
            (score, ran.get(f"role/{name}", len(ran)), lower, name, path)
            for lower, name, path in self.roles
            if (score := role_ranking.of(lower)) is not None
        ]
        ranked.sort()
        for score, recent, lower, name, path in ranked[:MOST]:
            close = 0 if lower == meant else 1 if meant and lower.startswith(meant) else 4
            run = lambda name=name: self._open(name)  # noqa: E731  # bound now
            found.append((close, 1, score, recent, Hit(f"role/{name}", name, f"role in {path}", run)))
        if not found and len(meant.split()) > 1 and not only_roles:
            # No command has all of the words, so those with most of them are listed.
            common = [(words_in_common(meant, hit.names), hit) for hit in self.commands]
            found = [(-count, hit.elsewhere, 0, ran.get(hit.id, len(ran)), hit) for count, hit in common if count]
        found.sort(key=lambda each: each[:4])
        return [*self._typed_command(text), *(hit for *_, hit in found)], len(ranked)

    def search(self, typed: str) -> None:
        """List the hits for the typed text."""
        self.hits, count = self.hits_of(typed)
        rows = []
        for index, hit in enumerate(self.hits):
            detail = f"unavailable: {hit.why_not}" if hit.why_not and not hit.elsewhere else hit.detail
            rows.append(Row(str(index), (visible(hit.label), hit.keys, visible(detail))))
        table = self.query_one(VirtualTable)
        table.show(rows, empty="No command or role matches.")
        table.action_first()
        part = f", the first {MOST} listed" if count > MOST else ""
        self.query_one(Pane).name_it(self.window_title, "", f"{plural(count, 'role')}{part}")
        self.call_after_refresh(self._show_whole)

    def _typed_command(self, text: str) -> list[Hit]:
        """Return the hits for a command that was typed with its argument.

        These are ``role NAME``, ``account NAME``, ``profile NAME [REGION]``, ``who can ACTION``, and a command for a
        role followed by the role's name.
        """
        lower = " ".join(text.lower().split())
        asked = text[len("who can ") :].strip()
        if lower.startswith(("who can ", "who may ")) and ":" in asked:
            return [Hit("app.who-can", f"who can {asked}", "", lambda: self.app.post_message(AskWhoCan(asked)))]
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
        if verb.lower() == "account" and rest and self.session.accounts is not None:
            return list(self._accounts_called(rest, self.session.accounts))
        return list(self._on_role(lower))

    def _accounts_called(self, typed: str, accounts: Accounts) -> Iterable[Hit]:
        """Return the organization's accounts whose name or ID contains the text, exact matches first."""
        known = {id: accounts.name_of(id) for id in (*accounts.ids, *(each.id for each in accounts.missing))}
        low = typed.lower()
        found = [id for id, name in known.items() if low in f"{name} {id}".lower()]
        for id in sorted(found, key=lambda id: (low not in (id, known[id].lower()), known[id].lower(), id)):
            run = lambda id=id: self.app.post_message(ViewAccount(id, chosen=True))  # noqa: E731  # bound now
            yield Hit(f"account/{id}", f"account {known[id] or id}", f"{id}: its roles", run)

    def _on_role(self, text: str) -> Iterable[Hit]:
        """Return the hit for a command for a role, followed by the role's name."""
        for row in ELSEWHERE:
            if not row.id.startswith("roles.") or not row.needs or row.id in ("roles.mark", "roles.compare"):
                continue
            for name in names_of(row.id, row.title):
                rest = text.removeprefix(f"{name} ")
                role = self._role(rest) if rest != text else None
                if role is not None:
                    action = row.id.removeprefix("roles.")
                    run = lambda role=role, action=action: self.app.post_message(RunOnRole(role, f"role.{action}"))  # noqa: E731
                    yield Hit(row.id, f"{row.title} {role}", "", run)
                    return

    def _role(self, typed: str) -> str | None:
        """Return the name of the role with this name or ARN, ignoring case; None if no role has it."""
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
        """Add a key that was pressed before the input existed to the input."""
        field = self.query_one(Input)
        if not field.has_focus and event.is_printable and event.character:
            event.stop()
            field.value += event.character
            field.cursor_position = len(field.value)
            self.set_focus(field)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
